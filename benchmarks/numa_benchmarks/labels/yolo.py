"""YOLO folders: images and labels side by side, one text file per image (images/a/1.jpg <-> labels/a/1.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from numa_benchmarks.labels.errors import DataError, read_text
from numa_benchmarks.labels.picture_size import picture_size
from numa_benchmarks.labels.records import BOX_TO_OBJECT_AREA, Dataset, LabelledImage
from numa_benchmarks.labels.yolo_rows import RowRule, YoloRows, parse_rows
from numa_benchmarks.labels.yolo_yaml import read_yolo_yaml
from numa_runtime.sources.suffixes import is_image, natural_key


def open_yolo(yaml_path: Path, split: str = "val") -> Dataset:
    """Read one split of a data.yaml; an image without a label file is background.

    Raises:
        DataError: the yaml, a folder or an image is missing, no image has a label file, or a row is malformed.
    """
    config = read_yolo_yaml(yaml_path)
    rule = RowRule(config.names, config.keypoint_shape)
    images = [image for place in config.paths(split) for image in _images(place)]
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
    records = tuple(
        labelled_image(number, image, label, rule)
        for number, (image, label) in enumerate(zip(images, labels, strict=True), start=1)
    )
    return Dataset(yaml_path, split, config.names, records, rule.keypoints)


def label_path(image: Path) -> Path:
    """Return where the labels of an image lie: the last folder `images` becomes `labels`, else next to the image."""
    parts = list(image.parts)
    for at in range(len(parts) - 2, -1, -1):
        if parts[at] == "images":
            parts[at] = "labels"
            break
    return Path(*parts).with_suffix(".txt")


def labelled_image(number: int, image: Path, label: Path, rule: RowRule) -> LabelledImage:
    """Read one image's size and labels.

    Raises:
        DataError: the image is missing or a row is malformed.
    """
    text = read_text(label, "labels") if label.exists() else ""
    return _in_pixels(number, image, parse_rows(text, label, rule))


def _in_pixels(number: int, image: Path, rows: YoloRows) -> LabelledImage:
    height, width = picture_size(image)
    boxes = rows.boxes * (width, height, width, height)
    points = rows.keypoints * (width, height, 1)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    if points.shape[1]:
        area = area * BOX_TO_OBJECT_AREA
    return LabelledImage.of(number, image, (height, width), boxes, rows.classes, points, area=area)


def _images(place: Path) -> Iterator[Path]:
    """Yield the images of a folder (and the folders in it), of a list file, or the one image itself."""
    if place.is_dir():
        yield from sorted((path for path in place.rglob("*") if is_image(path)), key=natural_key)
    elif place.suffix.lower() == ".txt":
        lines = read_text(place, "a list of images").splitlines()
        # As users know it: ./ in a list is the list's own folder; other relative names are meant so too.
        yield from (place.parent / line.strip() for line in lines if line.strip())
    elif is_image(place):
        yield place
