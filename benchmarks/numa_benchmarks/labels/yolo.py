"""YOLO folders: images and labels side by side, one text file per image (images/a/1.jpg <-> labels/a/1.txt)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from numa_benchmarks.labels.errors import DataError, read_text
from numa_benchmarks.labels.folders import images_of
from numa_benchmarks.labels.left_out import UNREADABLE, LeftOut
from numa_benchmarks.labels.once import usable
from numa_benchmarks.labels.picture_size import picture_size
from numa_benchmarks.labels.records import BOX_TO_OBJECT_AREA, Dataset, LabelledImage
from numa_benchmarks.labels.yolo_rows import MALFORMED_ROW, RowRule, parse_rows
from numa_benchmarks.labels.yolo_yaml import read_yolo_yaml
from numa_runtime.sources.suffixes import is_image

log = logging.getLogger("numa_runtime")

_NOTES = frozenset({"classes.txt", "notes.txt", "readme.txt", "obj.txt"})
"""Text files that labelling tools put among the labels."""


def open_yolo(yaml_path: Path, split: str = "val") -> Dataset:
    """Read one split of a data.yaml; an image without a label file is background.

    Raises:
        DataError: the yaml or a folder is missing, no image has a label file, or more than half of all rows and images
            are malformed (pixels instead of fractions, another task's labels); fewer are left out and counted.
    """
    config = read_yolo_yaml(yaml_path)
    rule = RowRule(config.names, config.keypoint_shape)
    left_out = LeftOut()
    places = config.paths(split)
    images = images_of(places, config.root, left_out)
    if not images:
        left_out.settle({UNREADABLE: left_out.count(UNREADABLE)})
        where = ", ".join(str(place) for place in places)
        raise DataError(f"{yaml_path}: the split {split!r} has no images (looked in {where})")
    labels = [_labels_of(image) for image in images]
    _check_labels(yaml_path, split, images, labels)
    _note_strays(images, labels, left_out)
    records: list[LabelledImage] = []
    for image, label in zip(images, labels, strict=True):
        try:
            records.append(labelled_image(len(records) + 1, image, label, rule, left_out))
        except DataError as error:
            left_out.refuse(UNREADABLE, error)
    rows = sum(map(len, records)) + left_out.count(MALFORMED_ROW)
    left_out.settle({MALFORMED_ROW: rows, UNREADABLE: len(records) + left_out.count(UNREADABLE)})
    return Dataset(yaml_path, split, config.names, tuple(records), rule.keypoints, left_out)


def label_path(image: Path) -> Path:
    """Return where the labels of an image lie: the last folder `images` becomes `labels`, else next to the image."""
    parts = list(image.parts)
    for at in range(len(parts) - 2, -1, -1):
        if parts[at] == "images":
            parts[at] = "labels"
            break
    return Path(*parts).with_suffix(".txt")


def _labels_of(image: Path) -> Path:
    """Return where the labels of an image lie; those of a linked one may lie where the link leads."""
    label = label_path(image)
    linked = label if label.exists() else label_path(image.resolve())
    return linked if linked.exists() else label


def _check_labels(yaml_path: Path, split: str, images: Sequence[Path], labels: Sequence[Path]) -> None:
    """Refuse images without any labels, and say how many have none: they count as background."""
    without = [image for image, label in zip(images, labels, strict=True) if not label.exists()]
    if len(without) == len(images):
        raise DataError(
            f"{yaml_path}: none of the {len(images)} images of split {split!r} has a label file; "
            f"for {images[0].name} it would be {labels[0]}",
            hint="labels lie in a folder named labels next to images: images/val/1.jpg <-> labels/val/1.txt",
        )
    if without:
        counted = f"{len(without)} of {len(images)} images have"
        log.warning("%s no label file and count as background, the first: %s", counted, without[0])


def _note_strays(images: Sequence[Path], labels: Sequence[Path], left_out: LeftOut) -> None:
    """Count the label files whose image is not where those of their neighbours are."""
    homes = {label.parent: image.parent for image, label in zip(images, labels, strict=True)}
    for folder, home in homes.items():
        there = {path.stem for path in home.iterdir() if is_image(path)}
        for path in sorted(folder.glob("*.txt")):
            if path.stem not in there and path.name.lower() not in _NOTES:
                left_out.add("label file without an image", str(path))


def labelled_image(number: int, image: Path, label: Path, rule: RowRule, left_out: LeftOut) -> LabelledImage:
    """Read one image's size and labels; malformed, doubled and empty rows are counted in `left_out`.

    Raises:
        DataError: the image or the label file cannot be read.
    """
    text = read_text(label, "labels") if label.exists() else ""
    height, width = picture_size(image)
    rows = parse_rows(text, label, rule, left_out)
    kept = usable(rows.classes, rows.boxes, rows.keypoints, str(label), left_out)
    boxes = rows.boxes[kept] * (width, height, width, height)
    points = rows.keypoints[kept] * (width, height, 1)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    if points.shape[1]:
        area = area * BOX_TO_OBJECT_AREA
    return LabelledImage.of(number, image, (height, width), boxes, rows.classes[kept], points, area=area)
