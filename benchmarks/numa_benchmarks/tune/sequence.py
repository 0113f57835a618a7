"""One labelled clip with its detections: detected once, tracked as often as the search wants."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.labels.mot_detections import Rows


@dataclass(frozen=True, slots=True, eq=False)
class TuneSequence:
    """Ground truth and detections of one clip.

    Attributes:
        name: the sequence.
        truth: the ground truth.
        detections: per frame float64 (n, 6) x1, y1, x2, y2, score, class in pixels.
        times: seconds per frame, float64 (frames,), or None where the clip has no clock (every frame is then a nominal
            one, as in `Tracker`).
        warps: where the camera's motion took the last frame's pixels, float64 (frames, 2, 3), or None where it was not
            measured.

    Raises:
        DataError: nothing is labelled, labels go beyond the detections' last frame, or the clip has no detections.
    """

    name: str
    truth: MotTable
    detections: tuple[Rows, ...]
    times: NDArray[np.float64] | None = None
    warps: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if not len(self.truth):
            raise DataError(f"{self.name}: nothing is labelled", hint="tuning needs ground truth, SEQUENCE/gt/gt.txt")
        if self.truth.last_frame > self.frames:
            raise DataError(
                f"{self.name}: the ground truth goes to frame {self.truth.last_frame}, the detections end at "
                f"{self.frames}",
                hint="do labels and detections belong to the same clip?",
            )
        if not any(len(rows) for rows in self.detections):
            raise DataError(
                f"{self.name}: there are no detections", hint="was the right model used, or --conf too high?"
            )

    @property
    def frames(self) -> int:
        """The number of frames."""
        return len(self.detections)

    @property
    def classes(self) -> frozenset[int]:
        """The classes that were detected."""
        return frozenset(int(cls) for rows in self.detections for cls in np.unique(rows[:, 5]))

    def part(self, name: str, start: int, stop: int) -> TuneSequence:
        """Return the frames from `start` (counted from 0) to before `stop` as a clip of its own."""
        truth = self.truth.select(self.truth.frame <= stop).after(start)
        times = None if self.times is None else self.times[start:stop] - self.times[start]
        warps = None if self.warps is None else self.warps[start:stop]
        return TuneSequence(name, truth, self.detections[start:stop], times, warps)

    def second_half(self) -> TuneSequence:
        """Return what the field calls half-val, the frames after length // 2 + 1."""
        return self.part(self.name, self.frames // 2 + 1, self.frames)

    def cut(self, parts: int) -> list[TuneSequence]:
        """Return `parts` parts of equal length, one after the other."""
        edges = np.linspace(0, self.frames, parts + 1).round().astype(int)
        return [
            self.part(f"{self.name} frames {start + 1}-{stop}", start, stop) for start, stop in pairwise(edges.tolist())
        ]
