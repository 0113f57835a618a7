"""How far another backend may be from the answers that are recorded."""

from __future__ import annotations

import math
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
        class_scores: relative: the best score of any class, also of those that no picture shows.
    """

    geometry_px: float
    scores: float
    keypoints_px: float
    iou: float
    share: float
    mean_score: float
    class_scores: float = math.inf

    @classmethod
    def for_precision(cls, precision: str) -> GoldenTolerance:
        """Return the limits for a precision word ("fp32", "fp16", "int8", ...).

        fp32: backends order their sums differently, which is worth about 1e-3 px; the limit leaves a factor
        of 50. Half precision moves boxes by up to 0.25 px when everything is half. With 8 bits two backends may
        round the same activation to neighbouring steps, and the steps add up. Class scores: on the bundled network two
        backends differ by 0.5 %, half by 12 %, and exchanging any two classes moves them by 48 % at least.
        """
        if precision == "fp32":
            return cls(
                geometry_px=0.05, scores=1e-3, keypoints_px=0.2, iou=0.9, share=1.0, mean_score=2e-3, class_scores=0.05
            )
        if precision in ("fp16", "bf16"):
            return cls(
                geometry_px=1.0, scores=0.02, keypoints_px=2.0, iou=0.8, share=0.95, mean_score=0.05, class_scores=0.4
            )
        return cls(
            geometry_px=8.0, scores=0.12, keypoints_px=12.0, iou=0.7, share=0.8, mean_score=0.2, class_scores=4.0
        )
