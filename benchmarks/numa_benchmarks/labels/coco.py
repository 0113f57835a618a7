"""COCO JSON: instances_*.json and person_keypoints_*.json next to a folder of images.

https://cocodataset.org/#format-data
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from numa_benchmarks.labels.errors import DataError, read_text
from numa_benchmarks.labels.records import Dataset, LabelledImage

Json = Mapping[str, Any]
_PREFIXES = ("instances_", "person_keypoints_")


@dataclass(frozen=True, slots=True)
class _Classes:
    """Categories in the order of their ids, which is the order of the 80 names every COCO detector uses."""

    names: tuple[str, ...]
    index: Mapping[int, int]
    keypoints: int


def open_coco(json_path: Path, split: str = "val", images: Path | None = None) -> Dataset:
    """Read a COCO file; crowds stay marked and areas are the annotated ones.

    Args:
        json_path: the annotations.
        split: the split's name.
        images: the folder of the images; by default it is looked for next to the annotations.

    Raises:
        DataError: the file is missing, not JSON or not COCO, an image is missing, or an annotation is malformed.
    """
    raw = _load(json_path)
    entries: Sequence[Json] = raw["images"]
    if not entries:
        raise DataError(f"{json_path} lists no images")
    folder = images or _image_folder(json_path, str(entries[0].get("file_name", "")))
    classes = _classes(json_path, raw)
    by_image: dict[int, list[Json]] = {int(entry["id"]): [] for entry in entries}
    for annotation in raw["annotations"]:
        if annotation.get("image_id") not in by_image:
            raise _bad(json_path, annotation, f"its image_id {annotation.get('image_id')!r} is not among the images")
        by_image[annotation["image_id"]].append(annotation)
    records = tuple(_image(json_path, entry, folder, by_image[int(entry["id"])], classes) for entry in entries)
    return Dataset(json_path, split, classes.names, records, classes.keypoints)


def _load(path: Path) -> Json:
    try:
        raw = json.loads(read_text(path, "COCO annotations"))
    except json.JSONDecodeError as error:
        raise DataError(f"{path}:{error.lineno}: this is not JSON: {error.msg}") from error
    missing = [key for key in ("images", "annotations", "categories") if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise DataError(f"{path} is not a COCO file: it has no {', '.join(missing)}")
    return raw  # type: ignore[no-any-return]


def _classes(path: Path, raw: Json) -> _Classes:
    categories = sorted(raw["categories"], key=lambda category: int(category["id"]))
    if not categories:
        raise DataError(f"{path} has no categories, so its classes have no names")
    counts = {len(category["keypoints"]) for category in categories if category.get("keypoints")}
    if len(counts) > 1:
        raise DataError(f"{path}: its categories have {sorted(counts)} keypoints; a pose network has one number")
    return _Classes(
        tuple(str(category["name"]) for category in categories),
        {int(category["id"]): index for index, category in enumerate(categories)},
        counts.pop() if counts else 0,
    )


def _image(path: Path, entry: Json, folder: Path, annotations: Sequence[Json], classes: _Classes) -> LabelledImage:
    file = folder / str(entry.get("file_name", ""))
    if not file.is_file():
        raise DataError(f"{path} lists {entry.get('file_name')!r}, but {file} does not exist")
    try:
        shape = int(entry["height"]), int(entry["width"])
    except (KeyError, TypeError, ValueError):
        raise DataError(f"{path}: the image {entry.get('file_name')!r} has no height and width") from None
    boxes = np.array([_box(path, annotation) for annotation in annotations], np.float64).reshape(-1, 4)
    points = np.array([_points(path, annotation, classes.keypoints) for annotation in annotations], np.float64)
    return LabelledImage.of(
        int(entry["id"]),
        file,
        shape,
        np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1),
        [_class(path, annotation, classes) for annotation in annotations],
        points.reshape(len(annotations), classes.keypoints, 3),
        crowd=[bool(annotation.get("iscrowd", 0)) for annotation in annotations],
        area=[annotation.get("area", w * h) for annotation, (w, h) in zip(annotations, boxes[:, 2:], strict=True)],
    )


def _box(path: Path, annotation: Json) -> Sequence[float]:
    box = annotation.get("bbox")
    try:
        values = [float(value) for value in box] if isinstance(box, list) else []
    except (TypeError, ValueError):
        values = []
    if len(values) != 4 or not np.isfinite(values).all() or values[2] < 0 or values[3] < 0:
        raise _bad(path, annotation, f"its bbox is {box!r}; it must be x, y, width, height")
    return values


def _class(path: Path, annotation: Json, classes: _Classes) -> int:
    category: Any = annotation.get("category_id")
    if category not in classes.index:
        raise _bad(path, annotation, f"its category_id {category!r} is not among the categories")
    return classes.index[category]


def _points(path: Path, annotation: Json, count: int) -> Sequence[float]:
    points = annotation.get("keypoints") or [0.0] * (3 * count)
    if count and len(points) != 3 * count:
        raise _bad(path, annotation, f"it has {len(points)} keypoint values; its category has {count} x 3")
    return points if count else []


def _bad(path: Path, annotation: Json, why: str) -> DataError:
    return DataError(f"{path}: annotation {annotation.get('id')!r} is malformed: {why}")


def _image_folder(path: Path, first: str) -> Path:
    """Find the folder that holds the first image: val2017 or images/val2017 next to annotations/, images, or here."""
    name = path.stem
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    root = path.parent.parent
    places = (
        root / name,
        root / "images" / name,
        root / "images",
        path.parent / "images",
        path.parent / name,
        path.parent,
    )
    for place in places:
        if (place / first).is_file():
            return place
    looked = ", ".join(str(place) for place in places)
    raise DataError(
        f"{path} lists {first!r}, which is not found; looked in {looked}",
        hint="put the images into one of these folders",
    )
