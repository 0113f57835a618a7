"""Single labelled images, as YOLO folders or as COCO files, whatever they came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from numa_benchmarks.data_convert.conversion import Conversion, Target
from numa_benchmarks.labels.records import LabelledImage

Copy = Callable[[Path], Path]
"""Writes the picture under a path without suffix, and returns the path it got."""


class Writer(Protocol):
    """Writes the images of one split."""

    def add(self, name: str, labels: LabelledImage, copy: Copy) -> None:
        """Write one image and its labels.

        Args:
            name: of its files, without suffix.
            labels: what is on it.
            copy: writes the picture.
        """
        ...

    def close(self) -> None:
        """Write what can only be written at the end."""
        ...


@dataclass(slots=True)
class YoloWriter:
    """images/SPLIT/NAME.jpg and labels/SPLIT/NAME.txt, a row an object: class, box, keypoints as shares of the sides.

    Attributes:
        part: the data's folder.
        split: its name.
        done: counts crowds, for which there is no row.
    """

    part: Path
    split: str
    done: Conversion

    def __post_init__(self) -> None:
        for place in ("images", "labels"):
            (self.part / place / self.split).mkdir(parents=True, exist_ok=True)

    def add(self, name: str, labels: LabelledImage, copy: Copy) -> None:
        """Write the picture and its rows."""
        copy(self.part / "images" / self.split / name)
        self.done.lost["region of a crowd (a YOLO row is one object)"] += int(labels.crowd.sum())
        rows = "".join(f"{row}\n" for row in _rows(labels))
        (self.part / "labels" / self.split / f"{name}.txt").write_text(rows, encoding="utf-8")

    def close(self) -> None:
        """Nothing is left to write."""


def _rows(labels: LabelledImage) -> Iterator[str]:
    """Yield "class cx cy w h x y v ..." of each object; boxes are cut at the picture's edges, as readers want them."""
    height, width = labels.shape
    for box, cls, points, crowd in zip(labels.boxes, labels.classes, labels.keypoints, labels.crowd, strict=True):
        x1, y1, x2, y2 = box.clip(0, [width, height, width, height]).tolist()
        if crowd:
            continue
        values = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height]
        spots = [f"{x / width:.6f} {y / height:.6f} {int(v)}" for x, y, v in points.tolist()]
        yield " ".join([str(int(cls)), *(f"{value:.6f}" for value in values), *spots])


@dataclass(slots=True)
class CocoWriter:
    """images/SPLIT/NAME.jpg and annotations/instances_SPLIT.json, or person_keypoints_SPLIT.json with keypoints.

    https://cocodataset.org/#format-data

    Attributes:
        part: the data's folder.
        split: its name.
        names: of the classes; category k + 1 is class k.
        keypoints: K of every object.
    """

    part: Path
    split: str
    names: Sequence[str]
    keypoints: int
    images: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.part / "images" / self.split).mkdir(parents=True, exist_ok=True)
        (self.part / "annotations").mkdir(exist_ok=True)

    def add(self, name: str, labels: LabelledImage, copy: Copy) -> None:
        """Write the picture; its labels follow with those of all others."""
        number = len(self.images) + 1
        height, width = labels.shape
        written = copy(self.part / "images" / self.split / name)
        self.images.append({"id": number, "file_name": written.name, "width": width, "height": height})
        for row, (x1, y1, x2, y2) in enumerate(labels.boxes.tolist()):
            one: dict[str, Any] = {
                "id": len(self.annotations) + 1,
                "image_id": number,
                "category_id": int(labels.classes[row]) + 1,
                "bbox": [round(value, 3) for value in (x1, y1, x2 - x1, y2 - y1)],
                "area": round(float(labels.area[row]), 3),
                "iscrowd": int(labels.crowd[row]),
            }
            if self.keypoints:
                points = labels.keypoints[row].tolist()
                one["keypoints"] = [value for x, y, v in points for value in (round(x, 3), round(y, 3), int(v))]
                one["num_keypoints"] = sum(v > 0 for _, _, v in points)
            self.annotations.append(one)

    def close(self) -> None:
        """Write the labels of all images."""
        points = {"keypoints": [f"keypoint{k}" for k in range(self.keypoints)]} if self.keypoints else {}
        categories = [{"id": number, "name": name, **points} for number, name in enumerate(self.names, start=1)]
        said = {"images": self.images, "annotations": self.annotations, "categories": categories}
        kind = "person_keypoints" if self.keypoints else "instances"
        path = self.part / "annotations" / f"{kind}_{self.split}.json"
        path.write_text(json.dumps(said, allow_nan=False), encoding="utf-8")


def open_writer(part: Path, split: str, names: Sequence[str], keypoints: int, done: Conversion) -> Writer:
    """Return what writes the images of a split in the layout that `done` names."""
    if done.target is Target.COCO:
        return CocoWriter(part, split, names, keypoints)
    return YoloWriter(part, split, done)
