"""Reading every picture once: damaged ones, doubled ones, and samples for the contact sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.data_check.suspicions import Suspicions
from numa_benchmarks.labels.contact_sheet import Sample, spread
from numa_benchmarks.labels.rally_records import Rally
from numa_benchmarks.progress import Progress
from numa_runtime.errors import NumaError
from numa_runtime.results.records import Detections

_SAME = 0.05
"""Mean difference, grey levels, below which two pictures are one: noise alone makes more."""


@dataclass(slots=True)
class RallyPictures:
    """Reads the frames of rallies.

    Attributes:
        every: read all; otherwise only those of the contact sheet.
        samples: how many the sheet has room for.
        suspicions: takes what is found.
        progress: called with (done, all).
        taken: the samples.
        total: pictures of all rallies.
        done: how many of them were dealt with.
    """

    every: bool
    samples: int
    suspicions: Suspicions
    progress: Progress | None
    total: int
    taken: list[Sample] = field(default_factory=list)
    done: int = 0

    def count(self) -> None:
        """Tell that one more is dealt with."""
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)

    def read(self, rally: Rally, share: int) -> None:
        """Read a rally's pictures, `share` of which are for the sheet."""
        wanted = set(spread(len(rally), min(share, self.samples - len(self.taken))))
        before: NDArray[np.float32] | None = None
        for index, labels in enumerate(rally.labels):
            self.count()
            if not self.every and index not in wanted:
                continue
            where = rally.pictures.where(index)
            try:
                picture = rally.pictures.read(index)
            except NumaError as error:
                self.suspicions.add("picture that cannot be read", where, error.what)
                before = None
                continue
            small = picture[::4, ::4].astype(np.float32)
            if self.every and before is not None and float(np.abs(small - before).mean()) < _SAME:
                self.suspicions.add("picture that is the one before", where, "nothing in it changed")
            before = small
            if index in wanted:
                found = Detections.of(
                    labels.boxes, [1.0] * len(labels.boxes), [0] * len(labels.boxes), labels.keypoints
                )
                caption = f"{rally.name} {index}" + ("" if labels.labelled else " (no labels)")
                self.taken.append(Sample.of(caption, picture, found, labels.balls))
