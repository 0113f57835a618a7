"""Open rallies: the data.yaml of a multitask network, folders of annotation.json, or ball CSVs beside videos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from numa_benchmarks.labels.annotation import read_annotation
from numa_benchmarks.labels.ball import read_ball_csv
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.pictures import FolderPictures, VideoPictures, numbered_images, video_in
from numa_benchmarks.labels.rally_records import FrameLabels, Pictures, Rally
from numa_benchmarks.labels.yolo_yaml import YoloConfig, read_yolo_yaml
from numa_runtime.sources.pixels import read_image
from numa_runtime.sources.video import VideoFile

ANNOTATION = "annotation.json"
EXAMPLE = (
    "a data.yaml says: path: FOLDER, train: train, val: val, names: [player], ball_names: [ball], kpt_shape: [17, 3]"
)


@dataclass(frozen=True, slots=True)
class RallyDataset:
    """The rallies of one split.

    Attributes:
        source: the file or folder that describes the data.
        split: its name.
        names: classes of players.
        ball_names: classes of balls.
        rallies: each a sequence of consecutive frames.
        keypoints: K of every player; 0: none is labelled.
        left_out: labels that were not taken over.
    """

    source: Path
    split: str
    names: tuple[str, ...]
    ball_names: tuple[str, ...]
    rallies: tuple[Rally, ...] = field(repr=False)
    keypoints: int
    left_out: LeftOut = field(default_factory=LeftOut, repr=False, compare=False)

    @property
    def frames(self) -> int:
        """Frames of all rallies."""
        return sum(map(len, self.rallies))


def open_rallies(path: Path, split: str = "val") -> RallyDataset:
    """Read one split of labelled rallies.

    Args:
        path: a data.yaml of a multitask network, or a folder that is or holds rallies.
        split: the split's name; a folder without a data.yaml is one split.

    Raises:
        DataError: nothing is found, or labels are malformed; file and frame are named.
    """
    described = path / "data.yaml" if path.is_dir() else path
    if described.is_file():
        config = read_yolo_yaml(described)
        places = config.paths(split)
        names, ball_names = config.names, tuple(str(name) for name in config.extra.get("ball_names", ["ball"]))
        options = _Options.of(config)
    else:
        places, names, ball_names, options = (path,), ("player",), ("ball",), _Options()
    left_out = LeftOut()
    rallies = tuple(rally for place in places for rally in _rallies_in(place, options, left_out))
    if not rallies:
        raise DataError(f"{', '.join(map(str, places))}: no rallies were found", hint=EXAMPLE)
    counts = {rally.labels[0].keypoints.shape[1] for rally in rallies if any(len(one.boxes) for one in rally.labels)}
    if len(counts) > 1:
        raise DataError(f"{path}: its rallies have players of {' and '.join(map(str, sorted(counts)))} keypoints")
    return RallyDataset(path, split, names, ball_names, rallies, counts.pop() if counts else 0, left_out)


def holds_rallies(path: Path) -> bool:
    """Whether a data.yaml or a folder describes rallies rather than single images."""
    if path.is_dir():
        if (path / "data.yaml").is_file():
            return holds_rallies(path / "data.yaml")
        return any(True for _ in _folders(path))
    if path.suffix.lower() not in (".yaml", ".yml"):
        return False
    config = read_yolo_yaml(path)
    if "ball_names" in config.extra or config.extra.get("task") == "multitask":
        return True
    roots = (config.root / place for places in config.places.values() for place in places)
    return any(root.is_dir() and any(True for _ in _folders(root)) for root in roots)


@dataclass(frozen=True, slots=True)
class _Options:
    top_left: bool = False
    step: int = 1

    @classmethod
    def of(cls, config: YoloConfig) -> _Options:
        corner, step = config.extra.get("box_xy", "center"), config.extra.get("frame_step", 1)
        if corner not in ("center", "top-left"):
            raise DataError(f"{config.file}: box_xy is {corner!r}", hint="box_xy: center, or box_xy: top-left")
        if not isinstance(step, int) or step < 1:
            raise DataError(f"{config.file}: frame_step is {step!r}", hint="frame_step: 2 takes every second frame")
        return cls(corner == "top-left", step)


def _folders(place: Path) -> Iterator[Path]:
    """Yield what looks like a rally in `place`: a folder with annotation.json, or a ball CSV beside its video."""
    if (place / ANNOTATION).is_file():
        yield place
        return
    for path in sorted(place.iterdir()):
        annotated = path.is_dir() and (path / ANNOTATION).is_file()
        if annotated or (path.suffix.lower() == ".csv" and video_in(place, path.stem) is not None):
            yield path


def _rallies_in(place: Path, options: _Options, left_out: LeftOut) -> Iterator[Rally]:
    found = [place] if place.suffix.lower() == ".csv" else list(_folders(place))
    for path in found:
        if path.is_dir():
            yield from _annotated(path, options, left_out)
        else:
            yield _ball_table(path, options, left_out)


def _annotated(folder: Path, options: _Options, left_out: LeftOut) -> Iterator[Rally]:
    """Yield the rally of a folder, in pieces where frames are missing in between."""
    images = numbered_images(folder / "frame") if (folder / "frame").is_dir() else {}
    video = None if images else video_in(folder, "video")
    if not images and video is None:
        raise DataError(f"{folder} has labels but no frames", hint="put the images into frame/, or a video.mp4 beside")
    fps: float | None = None
    if video is not None:
        info = VideoFile(video).info
        shape, fps = (info.height, info.width), info.fps
        numbers = list(range(0, info.frame_count or 0, options.step))
    else:
        first = read_image(images[min(images)])
        shape = (first.shape[0], first.shape[1])
        numbers = [number for number in sorted(images) if number % options.step == 0]
    said = read_annotation(folder / ANNOTATION, shape=shape, top_left=options.top_left, step=options.step)
    left_out.take(said.left_out)
    for orphan in sorted(set(said.frames) - set(numbers)):
        left_out.add("labelled frame without a picture", f"{folder / ANNOTATION}: frame {orphan}")
    for part, run in enumerate(_runs(numbers, options.step)):
        pictures: Pictures = (
            FolderPictures(tuple(images[number] for number in run), shape)
            if video is None
            else VideoPictures(video, run[0], len(run), options.step)
        )
        labels = [said.frames.get(number) or FrameLabels.unknown(said.keypoints) for number in run]
        yield Rally(folder.name + (f"-{part}" if part else ""), folder / ANNOTATION, pictures, labels, fps)


def _ball_table(path: Path, options: _Options, left_out: LeftOut) -> Rally:
    """Return the rally of a video whose balls a CSV lists, in pixels or as shares of width and height."""
    video = video_in(path.parent, path.stem)
    if video is None:
        raise DataError(f"{path} has no video beside it", hint=f"put {path.stem}.mp4 there")
    info, table = VideoFile(video).info, read_ball_csv(path)
    xy = table.xy
    if len(xy) and table.visible.any() and xy[table.visible].max() <= 1.0:
        xy = xy * [info.width, info.height]
    inside = np.logical_and(xy >= 0, xy < (info.width, info.height)).all(axis=1)
    for outside in table.frame[table.visible & ~inside].tolist():
        left_out.add("ball outside the frame", f"{path}: frame {outside}")
    by_frame = dict(zip(table.frame.tolist(), zip(table.visible & inside, xy, strict=True), strict=True))
    numbers = range(0, info.frame_count or 0, options.step)
    labels = []
    for number in numbers:
        seen, point = by_frame.get(number, (None, None))
        of = FrameLabels.of([point] if seen else [])
        labels.append(FrameLabels.unknown() if seen is None else replace(of, players_labelled=False))
    return Rally(path.stem, path, VideoPictures(video, 0, len(labels), options.step), labels, info.fps)


def _runs(numbers: list[int], step: int) -> Iterator[list[int]]:
    """Yield the stretches of frames that follow each other."""
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + step:
            yield numbers[start:at]
            start = at
