"""The frames that belong to a rally's labels: a video or numbered images, wherever a layout keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.picture_size import picture_size
from numa_benchmarks.labels.pictures import FolderPictures, VideoPictures, holds_images, numbered_images, video_in
from numa_benchmarks.labels.rally_records import Pictures
from numa_benchmarks.labels.rally_rules import RallyRules
from numa_runtime.sources.video import VideoFile

AMONG_IMAGES = "label.csv"
"""The name, in small letters, of a ball CSV that lies among the images of its rally."""

TABLES = "csv"
"""The folder of ball CSVs whose videos lie in `video`, their images in `frame`, beside it."""


@dataclass(frozen=True, slots=True)
class Footage:
    """Frames by number.

    Attributes:
        shape: (height, width).
        numbers: of the frames that are taken, rising.
        step: between two frames that follow each other.
        fps: of the frames that are taken, where that is known.
        images: by number; none: it is a video.
        video: the file.
    """

    shape: tuple[int, int]
    numbers: Sequence[int]
    step: int
    fps: float | None = None
    images: Mapping[int, Path] = field(default_factory=dict, repr=False)
    video: Path | None = None

    @classmethod
    def of_images(cls, images: Mapping[int, Path], rules: RallyRules) -> Footage:
        """Return the footage of numbered images, of which one is opened.

        Raises:
            DataError: the first one is damaged, or `rules` needs to know how many there are a second.
        """
        first = images[min(images)]
        step = rules.step(None, str(first.parent))
        numbers = [number for number in sorted(images) if number % step == 0]
        return cls(picture_size(first), numbers, step, images=images)

    @classmethod
    def of_video(cls, path: Path, rules: RallyRules) -> Footage:
        """Return the footage of a video; where its header does not say how many frames it has, they are counted.

        Raises:
            SourceError: it cannot be opened.
        """
        file = VideoFile(path)
        info = file.info
        frames = info.frame_count or sum(1 for _ in file)
        file.close()
        step = rules.step(info.fps, str(path))
        fps = None if info.fps is None else info.fps / step
        return cls((info.height, info.width), range(0, frames, step), step, fps, video=path)

    def runs(self) -> Iterator[Sequence[int]]:
        """Yield the stretches of frames that follow each other: a clip must not jump over a missing one."""
        start = 0
        for at in range(1, len(self.numbers) + 1):
            if at == len(self.numbers) or self.numbers[at] != self.numbers[at - 1] + self.step:
                yield self.numbers[start:at]
                start = at

    def pictures(self, run: Sequence[int]) -> Pictures:
        """Return what reads one stretch."""
        if self.video is not None:
            return VideoPictures(self.video, run[0], len(run), self.step)
        return FolderPictures(tuple(self.images[number] for number in run), self.shape)


def footage_beside(folder: Path, rules: RallyRules) -> Footage:
    """Return the frames of a folder with annotation.json: those in `frame`, or a video.mp4.

    Raises:
        DataError: there are none.
    """
    home = folder / "frame"
    images = numbered_images(home) if home.is_dir() else {}
    if images:
        return Footage.of_images(images, rules)
    video = video_in(folder, "video")
    if video is None:
        raise DataError(f"{folder} has labels but no frames", hint="put the images into frame/, or a video.mp4 beside")
    return Footage.of_video(video, rules)


def place_of_table(table: Path) -> Path | None:
    """Return the video or the folder of images whose balls a CSV lists; None where there is neither.

    They have the table's name (without `_ball`) and lie beside it; those of a table in a folder `csv` may lie in
    `video` or `frame` next to that folder; a `Label.csv` lies among its images.
    """
    if table.name.lower() == AMONG_IMAGES:
        return table.parent if holds_images(table.parent) else None
    homes = [table.parent]
    if table.parent.name == TABLES:
        homes += [table.parent.parent / name for name in ("video", "frame")]
    for name in dict.fromkeys((table.stem, table.stem.removesuffix("_ball"))):
        for home in homes:
            if (video := video_in(home, name)) is not None:
                return video
            for images in (home / name / "frame", home / name):
                if holds_images(images):
                    return images
    return None


def footage_of_table(table: Path, rules: RallyRules) -> Footage:
    """Return the frames whose balls a CSV lists.

    Raises:
        DataError: there are none.
    """
    place = place_of_table(table)
    if place is None:
        raise DataError(
            f"{table} has no video beside it, nor a folder of images",
            hint=f"put {table.stem}.mp4 or the folder {table.stem} there",
        )
    return Footage.of_images(numbered_images(place), rules) if place.is_dir() else Footage.of_video(place, rules)
