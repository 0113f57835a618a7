"""What a session said of labelled data, side by side with the labels: what figures leave out and pictures show."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.rally_records import FrameLabels, Rally
from numa_benchmarks.labels.records import Dataset
from numa_benchmarks.metrics.confusion import ConfusionMatrix, confusion_matrix
from numa_runtime.results import BallRecords, Detections


@dataclass(frozen=True)
class SeenImages:
    """Labelled images and what was found in each.

    Attributes:
        dataset: the images that count.
        found: in its order, pixels and classes.
    """

    dataset: Dataset
    found: tuple[Detections, ...] = field(repr=False)

    @cached_property
    def confusion(self) -> ConfusionMatrix:
        """Which class was taken for which, at a score of 0.25 and an IoU of 0.45."""
        return confusion_matrix(self.dataset, self.found)


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """One frame of a rally and what was found in it, in pixels of the frame.

    Attributes:
        rally: whose frame it is.
        index: of the frame in it, from 0.
        scale: pixels of the network's input per pixel of the frame.
        balls: all that were found.
        players: all that were found.
    """

    rally: Rally
    index: int
    scale: float
    balls: BallRecords
    players: Detections

    @property
    def labels(self) -> FrameLabels:
        """What is labelled."""
        return self.rally.labels[self.index]

    @property
    def best_ball(self) -> int | None:
        """The ball of the best score, by its place in `balls`."""
        return int(np.argmax(self.balls.conf)) if len(self.balls) else None


@dataclass(frozen=True, slots=True)
class SeenRallies:
    """All frames of labelled rallies.

    Attributes:
        frames: in the order they were seen.
        players: frames whose players are labelled, as images; None where there are none.
    """

    frames: tuple[SeenFrame, ...] = field(repr=False)
    players: SeenImages | None = None

    @property
    def answers(self) -> BallAnswers:
        """The best ball of every frame that was labelled."""
        frames = [frame for frame in self.frames if frame.labels.labelled]
        bests = [(frame, frame.best_ball) for frame in frames]
        there = np.array([len(frame.labels.balls) > 0 for frame in frames], np.bool_)
        score = np.array([0.0 if at is None else frame.balls.conf[at] for frame, at in bests], np.float64)
        away = np.array([_away(frame, at) for frame, at in bests], np.float64)
        return BallAnswers(there, score, away)


@dataclass(frozen=True, slots=True)
class BallAnswers:
    """Each frame's best ball.

    Attributes:
        there: bool (n,), whether a ball is labelled.
        score: float64 (n,), 0-1; 0: none was found.
        away: float64 (n,), pixels of the network's input to the nearest label; inf where one of both is missing.
    """

    there: NDArray[np.bool_]
    score: NDArray[np.float64]
    away: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.there)

    def ratios(self, conf: float, tolerance_px: float) -> tuple[float, float, float, float]:
        """Return precision, recall, F1 and accuracy, as `metrics.ball` counts them: each frame once.

        Args:
            conf: score from which a ball is an answer.
            tolerance_px: distance that still counts, pixels of the input.
        """
        said = (self.score >= conf) & (self.score > 0)
        right = int(np.count_nonzero(self.there & said & (self.away <= tolerance_px)))
        silent = int(np.count_nonzero(self.there & ~said))
        empty = int(np.count_nonzero(~self.there & ~said))
        precision = right / max(int(np.count_nonzero(said)), 1)
        recall = right / max(right + silent, 1)
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        return precision, recall, f1, (right + empty) / max(len(self), 1)


def _away(frame: SeenFrame, best: int | None) -> float:
    if best is None or not len(frame.labels.balls):
        return float("inf")
    return float(np.hypot(*(frame.labels.balls - frame.balls.xy[best]).T).min() * frame.scale)
