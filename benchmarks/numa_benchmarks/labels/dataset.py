"""Open labelled images by what the path holds: a data.yaml, a COCO JSON, or a folder with either."""

from __future__ import annotations

import re
from pathlib import Path

from numa_benchmarks.labels.coco import open_coco
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.records import Dataset
from numa_benchmarks.labels.yolo import open_yolo
from numa_benchmarks.labels.yolo_yaml import EXAMPLE
from numa_runtime.errors import nearest
from numa_runtime.paths import expand

_ANNOTATIONS = re.compile(r"^(?P<kind>.*?)_?(?P<split>train|val|test)(?:-dev)?\d*$")
_YAML = (".yaml", ".yml")
_AMONG_IMAGES = "_annotations.coco.json"
_FOLDERS = {"val": ("val", "valid", "validation"), "train": ("train",), "test": ("test",)}


def open_dataset(path: str | Path, split: str = "val", *, keypoints: bool = False) -> Dataset:
    """Read one split of labelled images.

    Args:
        path: a data.yaml, a COCO JSON, or a folder: with one yaml, with annotations/*.json, or with the splits' folders
            (train, valid, test) that each hold _annotations.coco.json among their images.
        split: the split's name.
        keypoints: where a COCO folder has both, take person_keypoints_* instead of instances_*.

    Raises:
        DataError: nothing is found (with where to get it: nothing is downloaded), the split is unknown, or the
            labels are malformed.
    """
    place = expand(path, DataError)
    suffix = place.suffix.lower()
    if suffix in _YAML:
        return open_yolo(place, split)
    if suffix == ".json":
        return open_coco(place, split, keypoints=keypoints)
    if place.is_dir():
        return _open_folder(place, split, keypoints)
    if not place.exists():
        raise DataError(f"{place} does not exist", hint=f"give a data.yaml, a COCO .json or a folder; {EXAMPLE}")
    raise DataError(f"{place} is not a data set", hint=f"give a data.yaml, a COCO .json or a folder; {EXAMPLE}")


def _open_folder(folder: Path, split: str, keypoints: bool) -> Dataset:
    described = folder / "data.yaml"
    if described.is_file():
        return open_yolo(described, split)
    annotations = folder if folder.name == "annotations" else folder / "annotations"
    if annotations.is_dir():
        return open_coco(_choose(annotations, split, keypoints), split, keypoints=keypoints)
    beside = _beside_images(folder, split)
    if beside is not None:
        return open_coco(beside, split, keypoints=keypoints)
    yamls = sorted(path for path in folder.iterdir() if path.suffix.lower() in _YAML)
    if len(yamls) == 1:
        return open_yolo(yamls[0], split)
    if yamls:
        names = ", ".join(path.name for path in yamls)
        raise DataError(f"{folder} holds several yaml files ({names})", hint="give the path of one of them")
    missing = "class names are missing" if (folder / "images").is_dir() else "no labelled images were found"
    raise DataError(f"{folder} has neither data.yaml nor annotations/*.json: {missing}", hint=EXAMPLE)


def _beside_images(folder: Path, split: str) -> Path | None:
    """Return the COCO file that lies among the images of a split, as Roboflow exports and RF-DETR reads them."""
    for name in (folder / word for word in _FOLDERS.get(split, (split,))):
        if (name / _AMONG_IMAGES).is_file():
            return name / _AMONG_IMAGES
    return folder / _AMONG_IMAGES if (folder / _AMONG_IMAGES).is_file() else None


def _choose(folder: Path, split: str, keypoints: bool) -> Path:
    """Pick the file of the split, of the requested kind where it has several."""
    files = {path: match for path in sorted(folder.glob("*.json")) if (match := _ANNOTATIONS.match(path.stem))}
    splits = sorted({match["split"] for match in files.values()})
    found = [path for path, match in files.items() if match["split"] == split]
    if not found:
        there = ", ".join(splits) or "none"
        raise DataError(
            f"{folder} has no split {split!r}{nearest(split, splits)}; it has: {there}",
            hint=f"annotation files are named instances_{split}2017.json or {split}.json",
        )
    # Files of other kinds (captions_*) lie there too: they are taken only where nothing else is.
    order = ("person_keypoints", "instances", "") if keypoints else ("instances", "", "person_keypoints")
    return min(found, key=lambda path: order.index(files[path]["kind"]) if files[path]["kind"] in order else len(order))
