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
from numa_benchmarks.labels.left_out import UNREADABLE, LeftOut
from numa_benchmarks.labels.once import usable
from numa_benchmarks.labels.picture_size import Size, picture_size
from numa_benchmarks.labels.records import Dataset, LabelledImage

Json = Mapping[str, Any]
_LISTS = ("images", "annotations", "categories")
_ANNOTATION = "malformed annotation"
_PREFIXES = ("instances_", "person_keypoints_")


@dataclass(frozen=True, slots=True)
class _Classes:
    """Categories in the order of their ids, which is the order of the 80 names every COCO detector uses.

    Ids are keys, whole numbers or texts: `index` has them as text.
    """

    names: tuple[str, ...]
    index: Mapping[str, int]
    keypoints: int


def open_coco(json_path: Path, split: str = "val", images: Path | None = None, *, keypoints: bool = False) -> Dataset:
    """Read a COCO file; crowds stay marked and areas are the annotated ones.

    Args:
        json_path: the annotations.
        split: the split's name.
        images: the folder of the images; by default it is looked for next to the annotations.
        keypoints: whether keypoints are wanted; categories with different numbers of them are refused then.

    Raises:
        DataError: the file is missing, not JSON or not COCO, no image is there, or more than half of all annotations
            are malformed; fewer, and images that are missing, are left out and counted.
    """
    raw = _load(json_path)
    entries: Sequence[Json] = raw["images"]
    if not entries:
        raise DataError(f"{json_path} lists no images")
    folder = images or _image_folder(json_path, entries)
    left_out = LeftOut()
    classes = _classes(json_path, raw, left_out, keypoints=keypoints)
    by_image: dict[str, list[Json]] = {_key(entry.get("id")): [] for entry in entries}
    for annotation in raw["annotations"]:
        of = by_image.get(_key(annotation.get("image_id")))
        if of is None:
            why = f"its image_id {annotation.get('image_id')!r} is not among the images"
            left_out.refuse(_ANNOTATION, _bad(json_path, annotation, why))
        else:
            of.append(annotation)
    records: list[LabelledImage] = []
    for entry in entries:
        try:
            own = by_image[_key(entry.get("id"))]
            records.append(_image(len(records) + 1, json_path, entry, folder, own, classes, left_out))
        except DataError as error:
            left_out.refuse(UNREADABLE, error)
    left_out.settle({_ANNOTATION: len(raw["annotations"]), UNREADABLE: len(entries)})
    return Dataset(json_path, split, classes.names, tuple(records), classes.keypoints, left_out)


def _load(path: Path) -> Json:
    try:
        raw = json.loads(read_text(path, "COCO annotations"))
    except json.JSONDecodeError as error:
        raise DataError(f"{path}:{error.lineno}: this is not JSON: {error.msg}") from error
    missing = [key for key in _LISTS if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise DataError(f"{path} is not a COCO file: it has no {', '.join(missing)}")
    for key in _LISTS:
        if not isinstance(raw[key], list) or not all(isinstance(entry, dict) for entry in raw[key]):
            raise DataError(f"{path} is not a COCO file: its {key} are no list of objects")
    return raw  # type: ignore[no-any-return]


def _classes(path: Path, raw: Json, left_out: LeftOut, *, keypoints: bool) -> _Classes:
    if not raw["categories"]:
        raise DataError(f"{path} has no categories, so its classes have no names")
    missing = [category for category in raw["categories"] if "id" not in category or "name" not in category]
    if missing:
        raise DataError(f"{path}: the category {missing[0]!r} has no id or no name")
    categories = sorted(raw["categories"], key=_order)
    counts = sorted({len(category["keypoints"]) for category in categories if category.get("keypoints")})
    if len(counts) > 1:
        said = f"{path}: its categories have {counts} keypoints; a pose network has one number"
        if keypoints:
            raise DataError(said)
        left_out.add("keypoints, of which categories have different numbers", str(path))
    return _Classes(
        tuple(str(category["name"]) for category in categories),
        {_key(category["id"]): index for index, category in enumerate(categories)},
        counts[0] if len(counts) == 1 else 0,
    )


def _key(given: object) -> str:
    """Return an id as a key: tools write the same one as 7, 7.0 and "7"."""
    return str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)


def _order(category: Json) -> tuple[int, str]:
    """Sort ids as numbers where they are some; other texts come behind, in their own order."""
    text = _key(category["id"])
    return (int(text), "") if text.isdecimal() else (1 << 62, text)


def _image(
    number: int,
    path: Path,
    entry: Json,
    folder: Path,
    annotations: Sequence[Json],
    classes: _Classes,
    left_out: LeftOut,
) -> LabelledImage:
    file = folder / str(entry.get("file_name", ""))
    if not file.is_file():
        raise DataError(f"{path} lists {entry.get('file_name')!r}, but {file} does not exist")
    shape = _said_size(entry) or picture_size(file)
    rows: list[tuple[Json, Sequence[float], Sequence[float], int, float]] = []
    for annotation in annotations:
        try:
            box = _box(path, annotation, shape)
            values = _points(path, annotation, classes.keypoints)
            rows.append((annotation, box, values, _class(path, annotation, classes), _area(path, annotation, box)))
        except DataError as error:
            left_out.refuse(_ANNOTATION, error)
    ltwh = np.array([row[1] for row in rows], np.float64).reshape(-1, 4)
    boxes = np.concatenate([ltwh[:, :2], ltwh[:, :2] + ltwh[:, 2:]], axis=1)
    points = np.array([row[2] for row in rows], np.float64).reshape(len(rows), classes.keypoints, 3)
    labels = np.array([row[3] for row in rows], np.int64)
    kept = usable(labels, boxes, points, f"{path}: image {entry.get('file_name')}", left_out)
    return LabelledImage.of(
        number,
        file,
        shape,
        boxes[kept],
        labels[kept],
        points[kept],
        crowd=[bool(rows[row][0].get("iscrowd", 0)) for row in kept.tolist()],
        area=[rows[row][4] for row in kept.tolist()],
    )


def _said_size(entry: Json) -> Size | None:
    """Return (height, width) as the file says it of an image, None where it does not."""
    try:
        height, width = int(entry["height"]), int(entry["width"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return (height, width) if height > 0 and width > 0 else None


def _area(path: Path, annotation: Json, box: Sequence[float]) -> float:
    area: Any = annotation.get("area")
    if area is None:
        area = box[2] * box[3]
    if not isinstance(area, int | float) or not np.isfinite(area):
        raise _bad(path, annotation, f"its area is {area!r}")
    return float(area)


def _box(path: Path, annotation: Json, shape: Size) -> Sequence[float]:
    box = annotation.get("bbox")
    try:
        values = [float(value) for value in box] if isinstance(box, list) else []
    except (TypeError, ValueError, OverflowError):
        values = []
    if len(values) != 4 or not np.isfinite(values).all() or values[2] < 0 or values[3] < 0:
        raise _bad(path, annotation, f"its bbox is {box!r}; it must be x, y, width, height")
    x, y, width, height = values
    if x >= shape[1] or y >= shape[0] or x + width < 0 or y + height < 0:
        raise _bad(path, annotation, f"its bbox {box!r} lies outside of the image, which is {shape[1]}x{shape[0]}")
    return values


def _class(path: Path, annotation: Json, classes: _Classes) -> int:
    category: Any = annotation.get("category_id")
    if _key(category) not in classes.index:
        raise _bad(path, annotation, f"its category_id {category!r} is not among the categories")
    return classes.index[_key(category)]


def _points(path: Path, annotation: Json, count: int) -> Sequence[float]:
    points = annotation.get("keypoints") or [0.0] * (3 * count)
    if count and len(points) != 3 * count:
        raise _bad(path, annotation, f"it has {len(points)} keypoint values; its category has {count} x 3")
    if count and not all(isinstance(value, int | float) and np.isfinite(value) for value in points):
        raise _bad(path, annotation, "its keypoints are not all numbers")
    return points if count else []


def _bad(path: Path, annotation: Json, why: str) -> DataError:
    return DataError(f"{path}: annotation {annotation.get('id')!r} is malformed: {why}")


def _image_folder(path: Path, entries: Sequence[Json]) -> Path:
    """Find the folder that holds the images: val2017 or images/val2017 next to annotations/, images, or here."""
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
    names = [str(entry.get("file_name", "")) for entry in entries]
    for first in names:
        for place in places:
            if first and (place / first).is_file():
                return place
    looked = ", ".join(str(place) for place in places)
    raise DataError(
        f"{path} lists {names[0]!r}, which is not found; looked in {looked}",
        hint="put the images into one of these folders",
    )
