"""A PyTorch checkpoint looked at without torch: whose it is, told from the names inside its pickle, never run."""

from __future__ import annotations

import zipfile
from enum import Enum
from pathlib import Path

from numa_runtime.errors import ModelError

_MOST = 16 * 2**20
"""Bytes of the pickle that are looked at: a network's class is named at its very start."""


class Origin(Enum):
    """Which tool wrote a checkpoint; the value is what is found in its pickle."""

    NUMA = (b"numa.checkpoint",)
    ULTRALYTICS = (b"ultralytics.nn", b"ultralytics.engine", b"ultralytics.utils", b"ultralytics.yolo")
    YOLOV5 = (b"models.yolo",)
    OTHER = ()


def origin_of(path: Path) -> Origin:
    """Return who wrote a checkpoint; `OTHER` where nothing inside says so.

    Both forms are read: the zip archive of today's `torch.save`, and the bare pickles before it.
    """
    head = _pickle(path)
    return next((origin for origin in Origin if any(mark in head for mark in origin.value)), Origin.OTHER)


def is_importable(path: Path) -> bool:
    """Return whether a checkpoint is Ultralytics' in today's form, whose weights are read here without its code."""
    return zipfile.is_zipfile(path) and origin_of(path) is Origin.ULTRALYTICS


def foreign_checkpoint(path: Path) -> ModelError | None:
    """Return the sentence about a checkpoint with another tool's classes, and the step that leads on; None for others.

    The step is that tool's own export: its ONNX files run here as they are. What `is_importable` can be opened where
    torch is at hand; this sentence is for its old form, and for those of other tools.
    """
    origin = origin_of(path)
    if origin is Origin.ULTRALYTICS:
        whose, command = "an old Ultralytics checkpoint", f"yolo export model={path.name} format=onnx"
    elif origin is Origin.YOLOV5:
        whose = "a checkpoint of the YOLOv5 or YOLOv7 repository"
        command = f"python export.py --weights {path.name} --include onnx"
    else:
        return None
    return ModelError(
        f"{path.name} is {whose}: it holds pickled classes, and opening it would run their code",
        hint=f"export it where it was trained: {command}\n"
        f"then use the ONNX file in its place: --model {path.stem}.onnx",
    )


def _pickle(path: Path) -> bytes:
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                return file.read(_MOST)
        with zipfile.ZipFile(path) as archive:
            inside = next((name for name in archive.namelist() if name.endswith("data.pkl")), None)
            if inside is None:
                return b""
            with archive.open(inside) as file:
                return file.read(_MOST)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return b""  # what is wrong with the file is told by whoever opens it
