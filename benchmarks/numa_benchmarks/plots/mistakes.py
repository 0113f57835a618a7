"""How wrong the answers for one picture are: what was missed, what is false, how loose the rest lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numa_benchmarks.labels.records import LabelledImage
from numa_benchmarks.metrics.confusion import false_ones, pairs_of
from numa_runtime.golden.pairing import overlaps
from numa_runtime.results import Detections

IOU = 0.5
"""Overlap from which a box has found a label."""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The mistakes of one picture.

    Attributes:
        missed: labels that nothing was found for.
        false: boxes where nothing is labelled.
        mixed: boxes that took one class for another.
        loose: sum of what is missing to an IoU of 1 where label and box are one.
    """

    missed: int
    false: int
    mixed: int
    loose: float

    @property
    def cost(self) -> float:
        """One figure to order pictures by: each mistake counts 1, a box that lies badly at most a half."""
        return self.missed + self.false + self.mixed + self.loose

    @property
    def said(self) -> str:
        """The mistakes in words."""
        parts = ((self.missed, "missed"), (self.false, "false"), (self.mixed, "mixed up"))
        return ", ".join(f"{count} {word}" for count, word in parts if count) or f"{self.loose:.2f} of IoU lost"


def mistakes_of(image: LabelledImage, found: Detections) -> Mistakes:
    """Count the mistakes of one picture.

    Args:
        image: its labels; crowds count neither as missed nor as false.
        found: what counts as found.
    """
    rows, columns = pairs_of(image, found, IOU)
    counted = ~image.crowd[columns]
    missed = ~image.crowd
    missed[columns] = False
    lost = 1 - overlaps(found.xyxy, image.boxes)[rows, columns]
    mixed = found.cls[rows] != image.classes[columns]
    return Mistakes(
        missed=int(np.count_nonzero(missed)),
        false=int(np.count_nonzero(false_ones(image, found, rows, IOU))),
        mixed=int(np.count_nonzero(mixed & counted)),
        loose=float(lost[counted].sum()),
    )
