"""What a detector's validation gives: figures per head and per class, under the keys of `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from numa_benchmarks.metrics.operating_point import Hits


@dataclass(frozen=True, slots=True)
class HeadScores:
    """One head's figures, 0 to 1.

    Attributes:
        map50_95: mean average precision over IoU (or OKS) 0.50 to 0.95 in steps of 0.05.
        map50: at 0.50.
        precision: class mean at 0.50 and at `confidence`.
        recall: class mean at 0.50 and at `confidence`.
        confidence: the one score limit where the mean F1 is best.
        map75: at 0.75.
    """

    map50_95: float
    map50: float
    precision: float
    recall: float
    confidence: float
    map75: float | None = None


@dataclass(frozen=True, slots=True)
class ClassScores:
    """One class: its name, in how many images it is labelled how often, its figures (keypoints: None), its number."""

    name: str
    images: int
    instances: int
    box: HeadScores
    keypoint: HeadScores | None = None
    number: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        head = {"class": self.name, "images": self.images, "instances": self.instances}
        return {**head, **_keys("box", self.box), **_keys("keypoint", self.keypoint)}


@dataclass(frozen=True, slots=True)
class DetectionScores:
    """All classes together, 0 to 1, and each class that is labelled at all; keypoint figures None without keypoints.

    Attributes:
        hits: by head ("box", "keypoint") and class number, what was right and what was not at an overlap of 0.50: what
            curves are drawn from.
    """

    box: HeadScores
    keypoint: HeadScores | None
    classes: tuple[ClassScores, ...]
    hits: Mapping[str, Mapping[int, Hits]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def box_map50_95(self) -> float:
        """Mean average precision of the boxes over IoU 0.50 to 0.95."""
        return self.box.map50_95

    @property
    def box_map50(self) -> float:
        """Mean average precision of the boxes at IoU 0.50."""
        return self.box.map50

    @property
    def keypoint_map50_95(self) -> float | None:
        """Mean average precision of the keypoints over OKS 0.50 to 0.95."""
        return self.keypoint.map50_95 if self.keypoint else None

    @property
    def keypoint_map50(self) -> float | None:
        """Mean average precision of the keypoints at OKS 0.50."""
        return self.keypoint.map50 if self.keypoint else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`: box_map50_95, box_map50, box_precision, ..."""
        return {**_keys("box", self.box), **_keys("keypoint", self.keypoint)}


def _keys(head: str, scores: HeadScores | None) -> dict[str, Any]:
    if scores is None:
        return {}
    return {f"{head}_{each.name}": getattr(scores, each.name) for each in fields(HeadScores)}
