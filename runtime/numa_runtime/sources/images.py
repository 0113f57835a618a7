"""A sequence of image files as one medium, so that a folder of frames can be tracked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.sources.ahead import Ahead
from numa_runtime.sources.base import (
    NOMINAL_FPS,
    Counters,
    FramePlace,
    MediaInfo,
    MediaKind,
    SourceFrame,
    no_such_frame,
)
from numa_runtime.sources.picture_header import has_several
from numa_runtime.sources.pixels import decode_image, read_bytes, read_image

log = logging.getLogger("numa_runtime")


class ImageSequence:
    """Image files in the given order; frame i is file i, or the one that `numbers` says.

    A broken file among several is skipped with a warning (its number stays free); a single one, or nothing
    but broken ones, is an error. Of a file with several pictures (pages, an animation) the first is given, and the
    first such file is told.

    Args:
        paths: the files.
        name: what messages call them.
        vid_stride: give every n-th one.
        frame_rate: images per second.
        numbers: the frames' numbers from 0, in ascending order, where some have no file.

    Raises:
        SourceError: the only image is broken, or all are.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        name: str,
        *,
        vid_stride: int = 1,
        frame_rate: float | None = None,
        numbers: Sequence[int] | None = None,
    ) -> None:
        self._paths = tuple(paths)
        self._files = dict(zip(range(len(paths)) if numbers is None else numbers, self._paths, strict=True))
        self._stride = vid_stride
        self._said = False
        self._fps = frame_rate or NOMINAL_FPS
        self.counters = Counters()
        height, width = self._first_shape(name)
        path = str(self._paths[0] if len(self._paths) == 1 else self._paths[0].parent)
        self.info = MediaInfo(MediaKind.IMAGES, name, path, width, height, frame_rate, self._count, vid_stride)

    @property
    def _count(self) -> int:
        """How many frames there are, those without a file included."""
        return max(self._files, default=-1) + 1

    def _first_shape(self, name: str) -> tuple[int, int]:
        for path in self._paths:
            try:
                image = read_image(path)
            except SourceError:
                if len(self._paths) == 1:
                    raise
            else:
                return image.shape[0], image.shape[1]
        raise SourceError(
            f"{name}: none of its {len(self._paths)} images can be read", hint="copy or export the files again"
        )

    def __iter__(self) -> Iterator[SourceFrame]:
        self.counters = Counters()
        with Ahead(self._frames()) as frames:
            yield from frames

    def places(self) -> Iterator[FramePlace]:
        """Give path, index and time of each frame without reading it."""
        for index, path in self._files.items():
            if index % self._stride == 0:
                yield FramePlace(str(path), index, index / self._fps)

    def _frames(self) -> Iterator[SourceFrame]:
        for place in self.places():
            path = self._files[place.index]
            try:
                data = read_bytes(path)
                image = decode_image(data, str(path))
            except SourceError as error:
                self.counters.damaged += 1
                log.warning("%s; it is skipped", error.what)
                continue
            self.counters.read += 1
            self._say_if_several(path, data)
            yield SourceFrame(image, place.path, place.index, place.timestamp)

    def _say_if_several(self, path: Path, data: bytes) -> None:
        if not self._said and has_several(data):
            self._said = True
            log.warning(
                "%s holds several pictures, of which the first is used; as a source of its own it gives all", path
            )

    def read(self, index: int) -> Frame:
        """Read image `index` again."""
        if index not in self._files:
            raise no_such_frame(self.info.name, index, self._count)
        return read_image(self._files[index])

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what reads image `index` again."""
        return partial(read_image, self._files[index])

    def close(self) -> None:
        """Do nothing: each file is closed when read, the thread ends with the iterator."""
