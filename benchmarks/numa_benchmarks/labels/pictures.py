"""The frames of a rally: images of a folder, or a video, read by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_runtime.sources.pixels import read_image
from numa_runtime.sources.suffixes import IMAGE_SUFFIXES, VIDEO_SUFFIXES
from numa_runtime.sources.video import VideoFile

Picture = NDArray[np.uint8]

_NUMBER = re.compile(r"(\d+)$")


@dataclass(frozen=True, slots=True)
class FolderPictures:
    """Frames that are image files.

    Attributes:
        paths: the files, in order.
        shape: (height, width) of each.
    """

    paths: Sequence[Path]
    shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.paths)

    def read(self, index: int) -> Picture:
        """Return frame `index`, uint8 (height, width, 3) BGR.

        Raises:
            SourceError: the file is missing or damaged.
            DataError: it has another size than the others.
        """
        picture = read_image(self.paths[index])
        if picture.shape[:2] != self.shape:
            (height, width), (h, w) = self.shape, picture.shape[:2]
            raise DataError(
                f"{self.paths[index]} is {w}x{h}, the first frame of its rally {width}x{height}",
                hint="a rally is one camera's video: all its frames have one size",
            )
        return picture

    def where(self, index: int) -> str:
        """Return the file of frame `index`."""
        return str(self.paths[index])


class VideoPictures:
    """Frames of a video file, which is opened when the first is read.

    Args:
        path: the video.
        first: the number of the frame that is frame 0 here.
        count: how many frames there are.
        step: only every `step`-th frame is one.
    """

    def __init__(self, path: Path, first: int, count: int, step: int = 1) -> None:
        self.path, self._first, self._count, self._step = path, first, count, step
        self._video: VideoFile | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        info = self._opened().info
        return info.height, info.width

    def __len__(self) -> int:
        return self._count

    def read(self, index: int) -> Picture:
        """Return frame `index`, uint8 (height, width, 3) BGR.

        Raises:
            SourceError: the video has no such frame.
        """
        return self._opened().read(self._first + index * self._step)

    def where(self, index: int) -> str:
        """Return the video and the number of frame `index` in it."""
        return f"{self.path} frame {self._first + index * self._step}"

    def _opened(self) -> VideoFile:
        if self._video is None:
            self._video = VideoFile(self.path)
        return self._video

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_video": None}  # a worker process opens its own


def numbered_images(folder: Path) -> dict[int, Path]:
    """Return the images of a folder by the number that ends their names.

    Raises:
        DataError: a name without a number, or two images of one number.
    """
    found: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in IMAGE_SUFFIXES:
            continue
        number = _NUMBER.search(path.stem)
        if number is None:
            raise DataError(f"{path} has no frame number at its name's end", hint="name it such as rally_00012.jpg")
        frame = int(number[1])
        if frame in found:
            raise DataError(f"{path} and {found[frame].name} are both frame {frame}")
        found[frame] = path
    return found


def holds_images(folder: Path) -> bool:
    """Whether a folder is there and has an image in it."""
    return folder.is_dir() and any(path.suffix.lower() in IMAGE_SUFFIXES for path in folder.iterdir())


def video_in(folder: Path, stem: str) -> Path | None:
    """Return the video of that name in a folder, if there is one."""
    return next((path for path in sorted(folder.glob(f"{stem}.*")) if path.suffix.lower() in VIDEO_SUFFIXES), None)
