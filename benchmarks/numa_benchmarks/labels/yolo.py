"""YOLO folders: images and labels side by side, one text file per image (images/a/1.jpg <-> labels/a/1.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from numa_benchmarks.labels.errors import DataError, read_text
from numa_benchmarks.labels.folders import images_below
from numa_benchmarks.labels.left_out import UNREADABLE, LeftOut
from numa_benchmarks.labels.once import usable
from numa_benchmarks.labels.picture_size import picture_size
from numa_benchmarks.labels.records import BOX_TO_OBJECT_AREA, Dataset, LabelledImage
from numa_benchmarks.labels.yolo_rows import MALFORMED_ROW, RowRule, parse_rows
from numa_benchmarks.labels.yolo_yaml import read_yolo_yaml
from numa_runtime.sources.suffixes import is_image


def open_yolo(yaml_path: Path, split: str = "val") -> Dataset:
    """Read one split of a data.yaml; an image without a label file is background.

    Raises:
        DataError: the yaml or a folder is missing, no image has a label file, or more than half of all rows and images
            are malformed (pixels instead of fractions, another task's labels); fewer are left out and counted.
    """
    config = read_yolo_yaml(yaml_path)
    rule = RowRule(config.names, config.keypoint_shape)
    left_out = LeftOut()
    images = [image for place in config.paths(split) for image in _images(place, left_out)]
    if not images:
        where = ", ".join(str(place) for place in config.paths(split))
        raise DataError(f"{yaml_path}: the split {split!r} has no images (looked in {where})")
    labels = [label_path(image) for image in images]
    if not any(label.exists() for label in labels):
        raise DataError(
            f"{yaml_path}: none of the {len(images)} images of split {split!r} has a label file; "
            f"for {images[0].name} it would be {labels[0]}",
            hint="labels lie in a folder named labels next to images: images/val/1.jpg <-> labels/val/1.txt",
        )
    records: list[LabelledImage] = []
    for image, label in zip(images, labels, strict=True):
        try:
            records.append(labelled_image(len(records) + 1, image, label, rule, left_out))
        except DataError as error:
            left_out.refuse(UNREADABLE, error)
    rows = sum(map(len, records)) + left_out.count(MALFORMED_ROW)
    left_out.settle({MALFORMED_ROW: rows, UNREADABLE: len(images)})
    return Dataset(yaml_path, split, config.names, tuple(records), rule.keypoints, left_out)


def label_path(image: Path) -> Path:
    """Return where the labels of an image lie: the last folder `images` becomes `labels`, else next to the image."""
    parts = list(image.parts)
    for at in range(len(parts) - 2, -1, -1):
        if parts[at] == "images":
            parts[at] = "labels"
            break
    return Path(*parts).with_suffix(".txt")


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


def _images(place: Path, left_out: LeftOut) -> Iterator[Path]:
    """Yield the images of a folder (and the folders in it), of a list file, or the one image itself."""
    if place.is_dir():
        yield from images_below(place, left_out)
    elif place.suffix.lower() == ".txt":
        lines = read_text(place, "a list of images").splitlines()
        # As users know it: ./ in a list is the list's own folder; other relative names are meant so too.
        yield from (place.parent / line.strip() for line in lines if line.strip())
    elif is_image(place):
        yield place
