"""The labelled images of a split as a few arrays, which workers share and the next training opens without parsing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.folders import images_of
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.records import Dataset
from numa_benchmarks.labels.yolo import label_path
from numa_benchmarks.labels.yolo_yaml import YoloConfig, read_yolo_yaml
from numa_deploy.training.data.mirror import usual_flip
from numa_runtime.files import atomic_path
from numa_runtime.paths import expand
from numa_runtime.words import count

_FORMAT = 1
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, eq=False)
class ImageIndex:
    """N labelled images with M objects, image by image.

    Arrays instead of objects: every look at a Python object writes its reference count, and a worker process that
    writes to a page has a copy of it from then on.

    Attributes:
        text: uint8, the images' paths one after the other, UTF-8.
        text_ends: int64 (N,), where each path ends in `text`.
        shapes: int32 (N, 2), (height, width) as displayed.
        starts: int64 (N + 1,), the first object of each image, and M.
        boxes: float32 (M, 4) x1, y1, x2, y2 in pixels of the image, cut at its edges.
        classes: int32 (M,).
        keypoints: float32 (M, K, 3), visibility 0 (not labelled), 1 (hidden), 2 (seen).
        left_out: what of the data was not taken over, in sentences.
    """

    text: NDArray[np.uint8]
    text_ends: NDArray[np.int64]
    shapes: NDArray[np.int32]
    starts: NDArray[np.int64]
    boxes: NDArray[np.float32]
    classes: NDArray[np.int32]
    keypoints: NDArray[np.float32]
    left_out: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.shapes)

    def path(self, index: int) -> Path:
        """Return an image's file."""
        start = int(self.text_ends[index - 1]) if index else 0
        return Path(os.fsdecode(self.text[start : int(self.text_ends[index])].tobytes()))

    def objects(self, index: int) -> slice:
        """Return where an image's objects lie in `boxes`, `classes` and `keypoints`."""
        return slice(int(self.starts[index]), int(self.starts[index + 1]))

    @classmethod
    def of(cls, dataset: Dataset) -> ImageIndex:
        """Return the index of a data set; crowds, which are no single objects, are left out."""
        paths = [os.fsencode(image.path) for image in dataset]
        boxes, classes, points, counts = [], [], [], []
        for image in dataset:
            height, width = image.shape
            cut = np.clip(image.boxes, 0, np.array([width, height, width, height], np.float32))
            own = ~image.crowd & (cut[:, 2:] > cut[:, :2]).all(axis=1)
            boxes.append(cut[own])
            classes.append(image.classes[own])
            points.append(image.keypoints[own].reshape(int(own.sum()), dataset.keypoints, 3))
            counts.append(int(own.sum()))
        crowds = sum(int(image.crowd.sum()) for image in dataset)
        told = [*dataset.left_out.lines(), *([f"left out: {crowds} x crowd"] if crowds else [])]
        return cls(
            text=np.frombuffer(b"".join(paths), np.uint8),
            text_ends=np.cumsum([len(path) for path in paths], dtype=np.int64),
            shapes=np.array([image.shape for image in dataset], np.int32).reshape(-1, 2),
            starts=np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64),
            boxes=_joined(boxes, (0, 4)).astype(np.float32),
            classes=_joined(classes, (0,)).astype(np.int32),
            keypoints=_joined(points, (0, dataset.keypoints, 3)).astype(np.float32),
            left_out=np.array(told, np.str_),
        )

    def class_counts(self, classes: int) -> NDArray[np.int64]:
        """Return int64 (classes,), how often each class is labelled."""
        return np.bincount(self.classes, minlength=classes).astype(np.int64)


def _joined(parts: Sequence[NDArray[Any]], empty: tuple[int, ...]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(empty)


@dataclass(frozen=True, slots=True, eq=False)
class ImageData:
    """A split of labelled images and what its description says.

    Attributes:
        source: the file that describes the data.
        split: the split's name.
        names: class names.
        keypoint_shape: (K, 2 or 3); None for boxes alone.
        flip: int64 (K,), each keypoint's partner in a mirror; None where nobody knows.
        index: the images.
    """

    source: Path
    split: str
    names: tuple[str, ...]
    keypoint_shape: tuple[int, int] | None
    flip: NDArray[np.int64] | None
    index: ImageIndex

    @property
    def told(self) -> str:
        """The split in a sentence."""
        left = "".join(f"; {line}" for line in self.index.left_out.tolist())
        counts = np.diff(self.index.starts)
        empty = int((counts == 0).sum())
        background = f", {empty:,} of them without any" if empty else ""
        objects = count(len(self.index.boxes), "object")
        return f"{self.split}: {count(len(self.index), 'image')}, {objects}{background}{left}"


def open_images(path: str | Path, split: str, *, keypoints: bool, cache: Path) -> ImageData:
    """Read a split of labelled images, or take the index that was kept when it was read before.

    Args:
        path: as `open_dataset` takes it.
        split: the split's name.
        keypoints: where a COCO folder has both, take keypoints.
        cache: the folder that keeps indexes; what is kept is of no use once an image, a label or the yaml changed.

    Raises:
        DataError: the data is missing or malformed.
    """
    place = expand(path, DataError)
    described = place / "data.yaml" if (place / "data.yaml").is_file() else place
    if described.suffix.lower() not in _YAML or not described.is_file():
        dataset = open_dataset(place, split, keypoints=keypoints)
        shape = (dataset.keypoints, 3) if dataset.keypoints else None
        flip = usual_flip(dataset.keypoints)
        return ImageData(dataset.source, split, dataset.names, shape, flip, ImageIndex.of(dataset))
    config = read_yolo_yaml(described)
    shape = config.keypoint_shape
    kept = cache / f"index-{split}-{_fingerprint(config, split)}.npz"
    index = _read(kept)
    if index is None:
        index = ImageIndex.of(open_dataset(described, split))
        _write(index, kept)
    return ImageData(described, split, config.names, shape, flip_of(config), index)


def flip_of(config: YoloConfig) -> NDArray[np.int64] | None:
    """Return each keypoint's partner in a mirror: flip_idx, COCO's for its 17 points, None where nobody knows.

    Raises:
        DataError: flip_idx is no exchange of partners.
    """
    points = config.keypoint_shape[0] if config.keypoint_shape else 0
    said = config.extra.get("flip_idx")
    if said is None:
        return usual_flip(points)
    whole = isinstance(said, list) and all(isinstance(one, int) and 0 <= one < points for one in said)
    if not whole or len(said) != points or any(said[said[at]] != at for at in range(points)):
        raise DataError(
            f"{config.file}: flip_idx is {said!r}; it must say each of the {points} keypoints' partner in a mirror",
            hint="flip_idx: [0, 2, 1] for nose, left eye, right eye: the partner of a partner is the point itself",
        )
    return np.array(said, np.int64)


def _fingerprint(config: YoloConfig, split: str) -> str:
    """Return a name that changes with the yaml, the list of images, and each image and label file."""
    digest = hashlib.sha256(repr((_FORMAT, str(config.file.resolve()), config.names, config.keypoint_shape)).encode())
    for image in images_of(config.paths(split), config.root, LeftOut()):
        digest.update(os.fsencode(image))
        for file in (image, label_path(image)):
            try:
                status = file.stat()
            except OSError:
                digest.update(b"-")
            else:
                digest.update(b"%d,%d;" % (status.st_mtime_ns, status.st_size))
    return digest.hexdigest()[:16]


def _read(path: Path) -> ImageIndex | None:
    """Return an index that was kept; None without one, or where it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            return ImageIndex(**{item.name: kept[item.name] for item in fields(ImageIndex)})
    except (OSError, ValueError, KeyError, EOFError):
        return None


def _write(index: ImageIndex, path: Path) -> None:
    with atomic_path(path) as part, part.open("wb") as file:
        np.savez(file, **{item.name: getattr(index, item.name) for item in fields(ImageIndex)})
