"""Rallies in another layout: annotation.json, a ball CSV beside a video, or single frames with their players."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import chain
from itertools import count as naturals
from pathlib import Path

import numpy as np

from numa_benchmarks.data_convert.conversion import Conversion, Target
from numa_benchmarks.data_convert.single_images import Writer, open_writer
from numa_benchmarks.labels.pictures import FolderPictures
from numa_benchmarks.labels.rallies import RallyDataset
from numa_benchmarks.labels.rally_records import Rally
from numa_benchmarks.labels.records import BOX_TO_OBJECT_AREA, LabelledImage
from numa_benchmarks.labels.write_annotation import annotation_text, ball_text
from numa_runtime.sinks.encoder import Encoder
from numa_runtime.sinks.images import encode_image

_FPS = 30.0
"""Frames per second of a video made of images, which do not say."""


def convert_rallies(data: RallyDataset, part: Path, done: Conversion) -> None:
    """Write the rallies of one split.

    Args:
        data: the split.
        part: the folder of all splits.
        done: says which layout, and counts.

    Raises:
        SourceError: a frame is missing or damaged.
    """
    done.rallies[data.split] = len(data.rallies)
    if done.target.of_rallies:
        for rally in named_apart(data.rallies):
            (_annotation if done.target is Target.ANNOTATION else _ball)(rally, part / data.split, done)
        return
    writer = open_writer(part, data.split, data.names[:1], data.keypoints, done)
    for rally in named_apart(data.rallies):
        _frames(rally, writer, done)
    writer.close()


def named_apart(rallies: Iterable[Rally]) -> Iterator[Rally]:
    """Yield rallies under names of their own: those of two folders may have the same."""
    taken: set[str] = set()
    for rally in rallies:
        names = chain([rally.name], (f"{rally.name}-{n}" for n in naturals(2)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        yield replace(rally, name=name)


def _annotation(rally: Rally, place: Path, done: Conversion) -> None:
    home = place / rally.name
    (home / "frame").mkdir(parents=True)
    for index in range(len(rally)):
        _copy(rally, index, home / "frame" / f"{rally.name}_{index:06d}")
        done.frames += 1
        done.tell()
    (home / "annotation.json").write_text(annotation_text(rally.labels, rally.pictures.shape), encoding="utf-8")


def _ball(rally: Rally, home: Path, done: Conversion) -> None:
    rate = rally.fps or _FPS
    home.mkdir(parents=True, exist_ok=True)
    with Encoder(home / f"{rally.name}.mp4", Fraction(rate).limit_denominator(1001), rally.name) as encoder:
        for index, labels in enumerate(rally.labels):
            encoder.add(rally.pictures.read(index), index / rate)
            done.frames += 1
            done.lost["player (a ball CSV has balls)"] += len(labels.boxes)
            done.lost["second ball of a frame (a ball CSV has one a frame)"] += max(0, len(labels.balls) - 1)
            done.tell()
        encoder.finish()
    (home / f"{rally.name}.csv").write_text(ball_text(rally.labels, rally.pictures.shape), encoding="utf-8")


def _frames(rally: Rally, writer: Writer, done: Conversion) -> None:
    for index, labels in enumerate(rally.labels):
        done.tell()
        if not (labels.labelled and labels.players_labelled):
            done.skipped += 1
            continue
        done.lost["ball (a point is no object of a detect or pose network)"] += len(labels.balls)
        area = np.prod(np.asarray(labels.boxes[:, 2:] - labels.boxes[:, :2], float), axis=1)
        area = area * BOX_TO_OBJECT_AREA if labels.keypoints.shape[1] else area
        classes = np.zeros(len(labels.boxes), np.int64)
        said = LabelledImage.of(
            index + 1, rally.path, rally.pictures.shape, labels.boxes, classes, labels.keypoints, area=area
        )
        writer.add(f"{rally.name}_{index:06d}", said, partial(_copy, rally, index))
        done.frames += 1


def _copy(rally: Rally, index: int, target: Path) -> Path:
    """Write a frame, an image's own file as it is, a video's frame as jpg; return the path with its suffix."""
    if isinstance(rally.pictures, FolderPictures):
        file = rally.pictures.paths[index]
        written = target.with_name(target.name + file.suffix.lower())
        shutil.copyfile(file, written)
        return written
    written = target.with_name(f"{target.name}.jpg")
    written.write_bytes(encode_image(np.asarray(rally.pictures.read(index)), ".jpg"))
    return written
