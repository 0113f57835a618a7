"""Small files under the names that pages use: my.mp4, yolov8n.onnx, best.pt, data.yaml and so on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import tiny_balls
import tiny_onnx
from clips import write_clip
from rally_files import write_rallies
from reid_files import reid
from tiny_models import rtx_plan
from tiny_onnx import fixed_answers, save, ultralytics
from tune_scenes import write_sequences

from numa_deploy.yolo.bundled import default_model, sample_photos, tiny_data

FRAMES, SIZE = 12, (320, 240)
NAMES = {0: "person", 1: "car", 2: "cup", 3: "dog"}


def _clip(path: Path) -> None:
    """One astronaut who stands still: one person for the bundled detector, in every frame."""
    picture = cv2.resize(cv2.imread(str(sample_photos()[0])), SIZE)
    write_clip(path, FRAMES, picture=lambda _: picture)


def _photos(path: Path) -> None:
    path.mkdir()
    for photo in sample_photos()[:2]:
        cv2.imwrite(str(path / photo.name), cv2.resize(cv2.imread(str(photo)), SIZE))


def _foreign(path: Path) -> None:
    """An ONNX file as Ultralytics exports it, with four of COCO's classes and small random weights."""
    model = ultralytics(classes=len(NAMES))
    next(entry for entry in model.metadata_props if entry.key == "names").value = str(NAMES)
    save(model, path)


def _queries(path: Path) -> None:
    """A file as RF-DETR exports it: three columns of classes, one box."""
    boxes, logits = np.full((1, 300, 4), 0.5, np.float32), np.full((1, 300, 3), -6, np.float32)
    logits[0, 0, 1] = 3
    save(fixed_answers({"dets": boxes, "labels": logits}), path)


def _adopted_balls(path: Path) -> None:
    from numa_export.adopt import adopt

    source = save(tiny_balls.stacked(size=(64, 96)), path.with_name("dots.onnx"))
    adopt(source, "tracknet", path, images=tiny_onnx.photographs(1))


def _checkpoint(path: Path, network: str = "yolov8n") -> None:
    from numa_deploy.network import build
    from numa_deploy.network import save as save_checkpoint

    save_checkpoint(build(network, seed=1), path)


def _theirs(path: Path) -> None:
    """A checkpoint as Ultralytics trains them."""
    import foreign_files

    path.parent.mkdir(exist_ok=True)
    foreign_files.write_foreign(path, *foreign_files.tiny("yolov8n"))


def _labels(path: Path) -> None:
    for part in ("images", "labels"):
        shutil.copytree(tiny_data().parent / part, path.parent / part)
    shutil.copy(tiny_data(), path)


def _tracked(path: Path) -> None:
    """Tracking results of the clips in MOT17/train: their truth."""
    path.mkdir(parents=True)
    train = write_sequences(path.parent / "train")
    for sequence in train.iterdir():
        shutil.copy(sequence / "gt" / "gt.txt", path / f"{sequence.name}.txt")
    shutil.rmtree(train)


MAKERS: dict[str, Callable[[Path], object]] = {
    "my.mp4": _clip,
    "match.mp4": _clip,
    "photos": _photos,
    "yolov8n.onnx": _foreign,
    "osnet.onnx": reid,
    "rf-detr.onnx": _queries,
    "tracknet-numa.onnx": _adopted_balls,
    "tracknet.onnx": lambda path: save(tiny_balls.stacked(size=(64, 96)), path),
    "yolov8n-numa.onnx": lambda path: shutil.copy(default_model(), path),
    "best.onnx": lambda path: shutil.copy(default_model(), path),
    "best.pt": _checkpoint,
    "runs/train/match/weights/best.pt": lambda path: _checkpoint(path, "multitask-p"),
    "theirs/best.pt": _theirs,
    "best.engine": lambda path: path.write_bytes(rtx_plan()),
    "data.yaml": _labels,
    "MOT17/train": write_sequences,
    "rallies": write_rallies,
    "runs/track/mot": _tracked,
    "runs/track/other": _tracked,
}


def place(text: str, folder: Path) -> None:
    """Make every stand-in that `text` names in `folder`."""
    for name, make in MAKERS.items():
        if name in text:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            make(path)
