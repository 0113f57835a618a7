"""Ball detection, frame by frame, as the field of ball tracking counts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from numa_benchmarks.labels.ball import BallTable
from numa_benchmarks.labels.errors import DataError

TOLERANCE_PX = 4.0
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BallScores:
    """Counts of frames; the ratios are 0 to 1. Each frame is counted once.

    Attributes:
        tp: ball found within the tolerance.
        tn: no ball, none predicted.
        fp1: a ball, and a prediction too far off.
        fp2: no ball, one predicted.
        fn: a ball, none predicted.
    """

    tp: int
    tn: int
    fp1: int
    fp2: int
    fn: int

    @property
    def frames(self) -> int:
        """All frames."""
        return self.tp + self.tn + self.fp1 + self.fp2 + self.fn

    @property
    def accuracy(self) -> float:
        """(TP + TN) / all."""
        return _ratio(self.tp + self.tn, self.frames)

    @property
    def precision(self) -> float:
        """TP / (TP + FP1 + FP2)."""
        return _ratio(self.tp, self.tp + self.fp1 + self.fp2)

    @property
    def recall(self) -> float:
        """TP / (TP + FN)."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.precision * self.recall, self.precision + self.recall)

    def __add__(self, other: BallScores) -> BallScores:
        """Add up the counts of two clips."""
        return BallScores(
            self.tp + other.tp,
            self.tn + other.tn,
            self.fp1 + other.fp1,
            self.fp2 + other.fp2,
            self.fn + other.fn,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        counts = {f"ball_{name}": getattr(self, name) for name in ("frames", "tp", "tn", "fp1", "fp2", "fn")}
        ratios = {f"ball_{name}": getattr(self, name) for name in ("accuracy", "precision", "recall", "f1")}
        return {**counts, **ratios}


def score_balls(
    truth: BallTable,
    found: BallTable,
    *,
    source_size: Size,
    input_size: Size = (640, 640),
    tolerance_px: float = TOLERANCE_PX,
) -> BallScores:
    """Count the frames of `truth`; a frame that `found` lacks is one without a prediction.

    Args:
        truth: the labels.
        found: the predictions.
        source_size: (height, width) of the video, whose pixels both tables are in.
        input_size: (height, width) of the network's input, letterboxed.
        tolerance_px: the distance that still counts, in pixels of the network's input, so that figures do not depend on
            the resolution of the video.

    Raises:
        DataError: the truth has no frames, or a size is not positive.
    """
    if not len(truth):
        raise DataError("the ball labels have no frames to score")
    if min(*source_size, *input_size) <= 0:
        raise DataError(f"sizes must be positive: the video is {source_size}, the input {input_size}")
    scale = min(input_size[0] / source_size[0], input_size[1] / source_size[1])
    predicted, xy = _aligned(truth, found)
    near = np.hypot(*((truth.xy - xy) * scale).T) <= tolerance_px
    there = truth.visible
    return BallScores(
        tp=_count(there & predicted & near),
        tn=_count(~there & ~predicted),
        fp1=_count(there & predicted & ~near),
        fp2=_count(~there & predicted),
        fn=_count(there & ~predicted),
    )


def _aligned(truth: BallTable, found: BallTable) -> tuple[Any, Any]:
    """Return visible (n,) and xy (n, 2) of `found` in the frames of `truth`; both are sorted by frame."""
    if not len(found):
        return np.zeros(len(truth), np.bool_), np.zeros((len(truth), 2))
    at = np.searchsorted(found.frame, truth.frame).clip(max=len(found) - 1)
    return found.visible[at] & (found.frame[at] == truth.frame), found.xy[at]


def _count(mask: Any) -> int:
    return int(np.count_nonzero(mask))


def _ratio(part: float, whole: float) -> float:
    return float(part) / whole if whole else 0.0
