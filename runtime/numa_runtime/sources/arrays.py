"""Pictures in memory as one medium: one array, a list of them, or an iterator that is read once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.sources.base import (
    NOMINAL_FPS,
    Counters,
    MediaInfo,
    MediaKind,
    SourceFrame,
    cannot_read_again,
    no_such_frame,
    refuse_again,
)
from numa_runtime.sources.pixels import as_bgr

log = logging.getLogger("numa_runtime")


class ArrayFrames:
    """numpy or PIL pictures, converted one at a time and never kept.

    A sequence can be iterated and read again; an iterator gives each frame once, in the caller's thread
    (it may hold a capture device or a socket that wants no other).

    Args:
        pictures: the frames.
        vid_stride: give every n-th one.
        frame_rate: frames per second.

    Raises:
        SourceError: there is no first frame, or it is not a picture.
    """

    def __init__(self, pictures: Iterable[Any], *, vid_stride: int = 1, frame_rate: float | None = None) -> None:
        self._sequence: Sequence[Any] | None = pictures if isinstance(pictures, Sequence) else None
        self._rest: Iterator[Any] = iter(pictures)
        self._stride = vid_stride
        self._said = False
        self._fps = frame_rate or NOMINAL_FPS
        self.counters = Counters()
        first = next(self._rest, None)
        if first is None:
            kind = "list of frames" if self._sequence is not None else "iterator"
            raise SourceError(f"the {kind} given as source is empty", hint="give at least one frame")
        height, width = as_bgr(first, "frame 0").shape[:2]
        self._rest = chain([first], self._rest)
        count = len(self._sequence) if self._sequence is not None else None
        self.info = MediaInfo(MediaKind.ARRAYS, "frames", "", width, height, frame_rate, count, vid_stride)

    def __iter__(self) -> Iterator[SourceFrame]:
        self.counters = Counters()
        pictures = iter(self._sequence) if self._sequence is not None else self._rest
        for index, picture in enumerate(pictures):
            self.counters.read += 1
            if index % self._stride == 0:
                self._say_if_several(picture)
                path = str(getattr(picture, "filename", "") or "")
                yield SourceFrame(as_bgr(picture, f"frame {index}"), path, index, index / self._fps)

    def _say_if_several(self, picture: Any) -> None:
        """Tell once that of a PIL image only the frame it stands at is used."""
        if not self._said and getattr(picture, "is_animated", False) and getattr(picture, "format", "") != "MPO":
            self._said = True
            name = Path(str(getattr(picture, "filename", "") or "a PIL image")).name
            log.warning(
                "%s holds %d pictures, of which the one it stands at is used; its path as source gives all",
                name,
                picture.n_frames,
            )

    def read(self, index: int) -> Frame:
        """Return frame `index` of a sequence again; an iterator's frames are gone."""
        if self._sequence is None:
            raise cannot_read_again("an iterator", index)
        if not 0 <= index < len(self._sequence):
            raise no_such_frame(self.info.name, index, len(self._sequence))
        return as_bgr(self._sequence[index], f"frame {index}")

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what holds the picture `index` of a sequence, and no other; an iterator's are gone."""
        if self._sequence is None:
            return partial(refuse_again, "an iterator", index)
        return partial(as_bgr, self._sequence[index], f"frame {index}")

    def close(self) -> None:
        """Release the pictures' iterator; a sequence stays the caller's."""
        self._rest = iter(())
