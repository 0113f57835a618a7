"""How far another backend may be from the answers that are recorded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GoldenTolerance:
    """How far another backend may be from the recorded answers.

    Attributes:
        geometry_px: largest error in pixels of the network input.
        scores: largest error, scores 0-1.
        keypoints_px: largest error in pixels of the network input.
        iou: the overlap from which a row counts as the same object.
        share: the share of rows found again.
        mean_score: relative: it watches all candidates, also those whose rows are not stored.
    """

    geometry_px: float
    scores: float
    keypoints_px: float
    iou: float
    share: float
    mean_score: float

    @classmethod
    def for_precision(cls, precision: str) -> GoldenTolerance:
        """Return the limits for a precision word ("fp32", "fp16", "int8", ...).

        fp32: backends order their sums differently, which is worth about 1e-3 px; the limit leaves a factor
        of 50. Half precision moves boxes by up to 0.25 px when everything is half. With 8 bits two backends may
        round the same activation to neighbouring steps, and the steps add up.
        """
        if precision == "fp32":
            return cls(geometry_px=0.05, scores=1e-3, keypoints_px=0.2, iou=0.9, share=1.0, mean_score=2e-3)
        if precision in ("fp16", "bf16"):
            return cls(geometry_px=1.0, scores=0.02, keypoints_px=2.0, iou=0.8, share=0.95, mean_score=0.05)
        return cls(geometry_px=8.0, scores=0.12, keypoints_px=12.0, iou=0.7, share=0.8, mean_score=0.2)
