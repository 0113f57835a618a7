"""How far an artifact may be from what it was made from."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Limits of a proof: largest errors over matched rows, and the share of rows that must match.

    Pixels are the network input's. A row is a detection with a score above `min_score`, after nothing but
    top-k; it is matched when the other side has a row that overlaps it by `iou` (finished detections: of the same
    class). Visibility is a score.

    Attributes:
        geometry_px: largest error of boxes and balls.
        scores: largest error of scores.
        keypoints_px: largest error of keypoints.
        iou: overlap from which a row is matched.
        min_score: rows with a higher score count.
        share: of rows that must match.
        geometry_mean_px: mean error of boxes and balls.
        keypoints_mean_px: mean error of keypoints.
        features: the distance between two features of length 1: 0.05 is a cosine of 0.999.
    """

    geometry_px: float = 0.01
    scores: float = 1e-3
    keypoints_px: float = 0.05
    iou: float = 0.99
    min_score: float = 0.05
    share: float = 0.99
    geometry_mean_px: float = math.inf
    keypoints_mean_px: float = math.inf
    features: float = 1e-3

    @classmethod
    def for_source(cls, precision: str) -> Tolerance:
        """Return the limits for adopting a file of a precision: nothing but the input and the head is new.

        A half network's own output is half (steps of 0.5 px above 512), and ONNX Runtime drops that rounding
        once a cast to float32 follows, so its artifact is the more exact of the two.
        """
        if precision in ("fp16", "bf16"):
            return cls(geometry_px=1.0, scores=5e-3, keypoints_px=1.0, iou=0.9)
        return cls()

    @classmethod
    def for_precision(cls, precision: str) -> Tolerance:
        """Return the limits for an export to a precision ("fp32", "fp16", "int8", ...).

        fp32 as measured for this project with a factor of 15. In half, a box whose DFL distribution is broad moves
        by its variance times the logits' rounding. So the mean tells a sound file, and the largest error only
        catches what is broken (export/README.md has the figures). 8 bits change the answers themselves: there the
        accuracy gate decides.
        """
        if precision == "fp32":
            return cls()
        if precision in ("fp16", "bf16"):
            return cls(
                geometry_px=4.0,
                scores=0.1,
                keypoints_px=8.0,
                iou=0.9,
                share=0.98,
                geometry_mean_px=0.15,
                keypoints_mean_px=0.3,
                features=0.05,
            )
        return cls(geometry_px=16.0, scores=0.25, keypoints_px=24.0, iou=0.7, min_score=0.25, share=0.7, features=0.5)
