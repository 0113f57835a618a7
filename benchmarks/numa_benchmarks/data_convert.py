"""Rallies from one layout into another: annotation.json, ball CSV beside a video, YOLO folders of single frames."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from itertools import count as naturals
from pathlib import Path
from typing import Any

import numpy as np

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.new_folder import new_folder
from numa_benchmarks.labels.pictures import FolderPictures
from numa_benchmarks.labels.rallies import RallyDataset, holds_rallies, open_rallies
from numa_benchmarks.labels.rally_records import FrameLabels, Rally
from numa_benchmarks.labels.write_annotation import annotation_text, ball_text
from numa_benchmarks.labels.yolo_yaml import read_yolo_yaml
from numa_benchmarks.progress import Progress
from numa_runtime.sinks.encoder import Encoder
from numa_runtime.sinks.images import encode_image
from numa_runtime.words import Word, count

_FPS = 30.0
"""Frames per second of a video made of images, which do not say."""


class Target(Word, refusal="rallies are not converted to {word}{close}; there is: {list}", hint="--to yolo"):
    """What rallies are converted to."""

    ANNOTATION = "annotation"
    YOLO = "yolo"
    BALL = "ball"


@dataclass(slots=True)
class Conversion:
    """What was written.

    Attributes:
        folder: where.
        target: the layout.
        rallies: by split, how many.
        frames: pictures that were written.
        skipped: frames of which the target could not have said that nobody looked at them.
    """

    folder: Path
    target: Target
    rallies: dict[str, int] = field(default_factory=dict)
    frames: int = 0
    skipped: int = 0

    def lines(self) -> list[str]:
        """Return what people read."""
        splits = ", ".join(f"{count(number, 'rally', 'rallies')} {split}" for split, number in self.rallies.items())
        skipped = f"; {self.skipped:,} without labels of players left out" if self.skipped else ""
        return [f"{self.folder}/  {self.target}: {splits}, {count(self.frames, 'frame')}{skipped}"]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return {
            "folder": str(self.folder),
            "to": str(self.target),
            "rallies": self.rallies,
            "frames": self.frames,
            "skipped": self.skipped,
        }


def convert(source: Path, target: Target, folder: Path, progress: Progress | None = None) -> Conversion:
    """Write the rallies of every split in another layout.

    Args:
        source: a data.yaml or a folder of rallies.
        target: the layout.
        folder: where; it must not hold anything yet.
        progress: called with (frames done, all frames).

    Raises:
        DataError: these are no rallies, one of them is malformed, or the target has no word for what is labelled.
        UsageError: the folder holds something.
    """
    if not holds_rallies(source):
        raise DataError(
            f"{source} holds single images: they are in no order that could become rallies",
            hint="give a data.yaml of rallies, or a folder with annotation.json",
        )
    opened = {split: open_rallies(source, split) for split in _splits(source)}
    total, seen = sum(data.frames for data in opened.values()), 0
    done = Conversion(folder, target)

    def tell() -> None:
        nonlocal seen
        seen += 1
        if progress is not None:
            progress(seen, total)

    with new_folder(folder) as part:
        for split, data in opened.items():
            done.rallies[split] = len(data.rallies)
            for rally in _named(data.rallies):
                _WRITERS[target](rally, part, split, done, tell)
        if not done.frames:
            raise DataError(f"{source} has no frame whose players are labelled", hint="--to annotation or --to ball")
        first = next(iter(opened.values()))
        (part / "data.yaml").write_text(_described(first, target, tuple(opened)), encoding="utf-8")
    return done


def _named(rallies: Iterable[Rally]) -> Iterator[Rally]:
    """Yield rallies under names of their own: those of two folders may have the same."""
    taken: set[str] = set()
    for rally in rallies:
        name = next(
            name for name in chain([rally.name], (f"{rally.name}-{n}" for n in naturals(2))) if name not in taken
        )
        taken.add(name)
        yield replace(rally, name=name)


def _splits(source: Path) -> tuple[str, ...]:
    described = source / "data.yaml" if source.is_dir() else source
    return tuple(read_yolo_yaml(described).places) if described.is_file() else ("val",)


Tell = Callable[[], None]


def _annotation(rally: Rally, part: Path, split: str, done: Conversion, tell: Tell) -> None:
    home = part / split / rally.name
    (home / "frame").mkdir(parents=True)
    for index in range(len(rally)):
        _copy(rally, index, home / "frame" / f"{rally.name}_{index:06d}")
        done.frames += 1
        tell()
    (home / "annotation.json").write_text(annotation_text(rally.labels, rally.pictures.shape), encoding="utf-8")


def _ball(rally: Rally, part: Path, split: str, done: Conversion, tell: Tell) -> None:
    home, rate = part / split, rally.fps or _FPS
    home.mkdir(parents=True, exist_ok=True)
    with Encoder(home / f"{rally.name}.mp4", Fraction(rate).limit_denominator(1001), rally.name) as encoder:
        for index in range(len(rally)):
            encoder.add(rally.pictures.read(index), index / rate)
            done.frames += 1
            tell()
        encoder.finish()
    (home / f"{rally.name}.csv").write_text(ball_text(rally.labels, rally.pictures.shape), encoding="utf-8")


def _yolo(rally: Rally, part: Path, split: str, done: Conversion, tell: Tell) -> None:
    images, texts = part / "images" / split, part / "labels" / split
    for place in (images, texts):
        place.mkdir(parents=True, exist_ok=True)
    for index, labels in enumerate(rally.labels):
        tell()
        if not (labels.labelled and labels.players_labelled):
            done.skipped += 1
            continue
        name = f"{rally.name}_{index:06d}"
        _copy(rally, index, images / name)
        rows = "".join(f"{row}\n" for row in _yolo_rows(labels, rally.pictures.shape))
        (texts / f"{name}.txt").write_text(rows, encoding="utf-8")
        done.frames += 1


_WRITERS = {Target.ANNOTATION: _annotation, Target.YOLO: _yolo, Target.BALL: _ball}


def _yolo_rows(labels: FrameLabels, shape: tuple[int, int]) -> Iterator[str]:
    """Yield "0 cx cy w h x y v ..." for each player, shares of width and height."""
    height, width = shape
    for (x1, y1, x2, y2), points in zip(labels.boxes.tolist(), labels.keypoints, strict=True):
        box = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height]
        spots = [f"{x / width:.6f} {y / height:.6f} {int(v)}" for x, y, v in points.tolist()]
        yield " ".join(["0", *(f"{value:.6f}" for value in box), *spots])


def _copy(rally: Rally, index: int, target: Path) -> None:
    """Write a frame: an image's own file as it is, a video's frame as jpg."""
    if isinstance(rally.pictures, FolderPictures):
        file = rally.pictures.paths[index]
        shutil.copyfile(file, target.with_name(target.name + file.suffix.lower()))
        return
    picture = np.asarray(rally.pictures.read(index))
    target.with_name(f"{target.name}.jpg").write_bytes(encode_image(picture, ".jpg"))


def _described(data: RallyDataset, target: Target, splits: tuple[str, ...]) -> str:
    """Return the data.yaml of what was written."""
    place = "images/" if target is Target.YOLO else ""
    lines = [*(f"{split}: {place}{split}" for split in splits), f"names: [{', '.join(data.names)}]"]
    if target is not Target.YOLO:
        lines = ["task: multitask", *lines, f"ball_names: [{', '.join(data.ball_names)}]"]
    if data.keypoints and target is not Target.BALL:
        lines.append(f"kpt_shape: [{data.keypoints}, 3]")
        lines += [f"flip_idx: {list(data.flip)}"] if data.flip else []
    return "\n".join([*lines, ""])
