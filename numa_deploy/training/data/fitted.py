"""A rally's frames at the network's size, kept as bytes, and its labels in those pixels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.rally_records import FrameLabels, Rally
from numa_runtime.contract import Color, InputSpec
from numa_runtime.files import atomic_path
from numa_runtime.vision.letterbox import Transform, fit, letterbox

Size = tuple[int, int]
Frames = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FittedRally:
    """A rally as the network sees it.

    Attributes:
        name: of the rally.
        frames: uint8 (N, C, H, W), in memory or a file that is mapped into it.
        labels: N records in pixels of the network's input.
        transform: how source frames became these.
    """

    name: str
    frames: Frames
    labels: tuple[FrameLabels, ...]
    transform: Transform

    def __len__(self) -> int:
        return len(self.labels)


def fit_rally(rally: Rally, spec: InputSpec, size: Size, cache: Path | None = None) -> FittedRally:
    """Read every frame of a rally once and letterbox it as prediction does.

    Args:
        rally: what to read.
        spec: the network's input: channels, colour, letterbox.
        size: (height, width) of the network's input.
        cache: a folder that keeps the frames from one training to the next; None: they stay in memory.

    Raises:
        SourceError: a frame is missing or damaged.
    """
    transform = fit(rally.pictures.shape, size, spec.letterbox)
    labels = tuple(_fitted(one, transform) for one in rally.labels)
    shape = (len(rally), spec.channels, *size)
    if cache is None:
        return FittedRally(rally.name, _fill(np.empty(shape, np.uint8), rally, spec), labels, transform)
    path = cache / f"{_key(rally, spec, size)}.npy"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with atomic_path(path) as part:
            store: Any = np.lib.format.open_memmap(part, mode="w+", dtype=np.uint8, shape=shape)
            _fill(store, rally, spec)
            store.flush()
    frames: Frames = np.load(path, mmap_mode="r")
    return FittedRally(rally.name, frames, labels, transform)


def _fill(frames: Frames, rally: Rally, spec: InputSpec) -> Frames:
    for index in range(len(rally)):
        letterbox(rally.pictures.read(index), frames[index], spec.color, spec.letterbox)
    return frames


def _key(rally: Rally, spec: InputSpec, size: Size) -> str:
    """Return a name that changes with everything the frames depend on."""
    label = rally.path.stat()
    rule = spec.letterbox
    said = (str(rally.path.resolve()), rally.name, len(rally), label.st_mtime_ns, label.st_size, spec.channels)
    told = (*said, str(Color(spec.color)), repr(rule), size)
    return f"{rally.name}-{hashlib.sha256(repr(told).encode()).hexdigest()[:16]}"


def _fitted(labels: FrameLabels, transform: Transform) -> FrameLabels:
    """Return labels in pixels of the network's input."""
    ratio = np.array(transform.ratios, np.float32)
    shift = np.array([transform.left, transform.top], np.float32)
    points = labels.keypoints.copy()
    seen = points[..., 2:] > 0
    points[..., :2] = np.where(seen, points[..., :2] * ratio + shift, 0.0)
    boxes = labels.boxes * np.tile(ratio, 2) + np.tile(shift, 2)
    return FrameLabels(labels.balls * ratio + shift, boxes, points, labels.labelled, labels.players_labelled)
