"""One file with several pictures as a medium: the pages of a TIFF, the frames of an animated WebP, PNG or AVIF."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.sources.ahead import Ahead
from numa_runtime.sources.base import NOMINAL_FPS, Counters, Media, MediaInfo, MediaKind, SourceFrame, no_such_frame
from numa_runtime.sources.picture_header import is_animated, tiff_pages
from numa_runtime.sources.picture_limit import require_allowed_size
from numa_runtime.sources.pixels import as_bgr, read_bytes, read_image

HELD_BYTES = 2**28
"""What the frames of an animation that are decoded in one go may take: OpenCV starts at the first each time."""


class Pictures(Protocol):
    """What is inside of the file; `count` is None until the last picture was seen."""

    kind: MediaKind
    count: int | None

    @property
    def fps(self) -> float | None: ...
    def __getitem__(self, index: int) -> tuple[Frame, float]:
        """Return picture `index` and its time in seconds; IndexError where there is none."""
        ...


class PictureFrames:
    """The pictures of one file; picture i is frame i."""

    def __init__(self, path: Path, pictures: Pictures, vid_stride: int) -> None:
        self._path = path
        self._pictures = pictures
        self._stride = vid_stride
        self.counters = Counters()
        height, width = pictures[0][0].shape[:2]
        fps, count = pictures.fps, pictures.count
        self.info = MediaInfo(pictures.kind, path.name, str(path), width, height, fps, count, vid_stride)

    def __iter__(self) -> Iterator[SourceFrame]:
        self.counters = Counters()
        with Ahead(self._frames()) as frames:
            yield from frames

    def _frames(self) -> Iterator[SourceFrame]:
        index = 0
        while True:
            try:
                image, seconds = self._pictures[index]
            except IndexError:
                return
            self.counters.read += 1
            if index % self._stride == 0:
                yield SourceFrame(image, str(self._path), index, seconds)
            index += 1

    def read(self, index: int) -> Frame:
        """Decode picture `index` again."""
        try:
            return self._pictures[index][0]
        except IndexError:
            raise no_such_frame(self.info.name, index, self._pictures.count or 0) from None

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what reads picture `index` again, from its file."""
        return partial(_read_again, self._path, index)

    def close(self) -> None:
        """Do nothing: the file is closed already, the thread ends with the iterator."""


def _read_again(path: Path, index: int) -> Frame:
    media = open_several(path)
    return media.read(index) if media is not None else read_image(path)


class _Pages:
    """A TIFF's pages, decoded one by one."""

    kind = MediaKind.IMAGES

    def __init__(self, data: bytes, numbers: list[int], name: str, frame_rate: float | None) -> None:
        self._data = np.frombuffer(data, np.uint8)
        self._numbers = numbers
        self._name = name
        self.count: int | None = len(numbers)
        self.fps = frame_rate

    def __getitem__(self, index: int) -> tuple[Frame, float]:
        if not 0 <= index < len(self._numbers):
            raise IndexError(index)
        number = self._numbers[index]
        try:
            _, pages = cv2.imdecodemulti(self._data, cv2.IMREAD_COLOR, range=(number, number + 1))
        except cv2.error:
            pages = ()
        if not pages:
            raise SourceError(f"page {index + 1} of {self._name} cannot be decoded", hint="export the file again")
        return as_bgr(pages[0], self._name), index / (self.fps or NOMINAL_FPS)


class _Animation:
    """An animation's frames, decoded as many at once as may be held."""

    kind = MediaKind.VIDEO

    def __init__(self, data: bytes, name: str) -> None:
        self._data = np.frombuffer(data, np.uint8)
        self._name = name
        self._chunk = 1
        self._start = 0
        self._held: list[tuple[Frame, float]] = []
        self._ends: dict[int, float] = {0: 0.0}
        self._lock = threading.Lock()  # the run reads ahead while its caller reads frames again
        self.count: int | None = None
        self._fill(0)
        if self._held:
            self._chunk = max(8, HELD_BYTES // self._held[0][0].size)
            self._fill(0)

    @property
    def fps(self) -> float | None:
        """The rate of the first second or so; None where the frames have no durations."""
        last = 1
        with suppress(IndexError):
            while last < NOMINAL_FPS:
                self[last]
                last += 1
        seconds = self[last - 1][1]
        return (last - 1) / seconds if seconds > 0 else None

    def _fill(self, start: int) -> None:
        """Decode from frame `start`, whose time is known."""
        try:
            _, found = cv2.imdecodeanimation(self._data, start=start, count=self._chunk)
        except cv2.error as error:
            raise SourceError(f"{self._name} cannot be decoded from frame {start}: {error.err}") from error
        self._start, self._held, time = start, [], self._ends[start]
        for frame, ms in zip(found.frames, found.durations, strict=True):
            self._held.append((as_bgr(frame, self._name), time))
            time += float(ms) / 1e3
        self._ends[start + len(self._held)] = time
        if len(self._held) < self._chunk:
            self.count = start + len(self._held)

    def __getitem__(self, index: int) -> tuple[Frame, float]:
        with self._lock:
            if index < 0:
                raise IndexError(index)
            if index < self._start:
                self._fill(max(start for start in self._ends if start <= index))
            while index >= self._start + len(self._held):
                if self.count is not None and index >= self.count:
                    raise IndexError(index)
                self._fill(self._start + len(self._held))
            return self._held[index - self._start]


def open_several(path: Path, vid_stride: int = 1, frame_rate: float | None = None) -> Media | None:
    """Open a file of several pictures; None where it has one.

    Args:
        path: the file.
        vid_stride: give every n-th picture.
        frame_rate: pages per second; an animation says its own times.

    Raises:
        SourceError: unreadable, or too large.
    """
    data = read_bytes(path)
    pages = tiff_pages(data)
    if len(pages) > 1:
        require_allowed_size(data, str(path))
        return PictureFrames(path, _Pages(data, pages, path.name, frame_rate), vid_stride)
    if not is_animated(data) or not hasattr(cv2, "imdecodeanimation"):  # OpenCV has it from 4.11 on
        return None
    require_allowed_size(data, str(path))
    animation = _Animation(data, path.name)
    animation[0]
    return PictureFrames(path, animation, vid_stride) if animation.count != 1 else None
