"""What a pass over a video saw of each frame, so that it can be found again and recognised."""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from numa_runtime.results.result import Frame

_NO_PTS = -(2**63)

_CHECKED_ROWS = 16
"""Every so many-th row counts in the checksum: 0.1 ms of a 720p frame, and no object of that height is missed."""

_REORDERED = 4
"""Frames by which decoding runs ahead of showing: containers that seek by decode time land that much too late."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One frame as it was seen.

    Attributes:
        index: its number from 0.
        pts: its presentation time in the stream's ticks; None where another frame may have the same, or none is known.
        check: the checksum of its picture; None for a frame that was not given.
        seeks: presentation times from which it may be reached, the nearest first.
    """

    index: int
    pts: int | None = None
    check: int | None = None
    seeks: tuple[int, ...] = ()


class Seen:
    """The frames of one pass: the time of every frame, a checksum of every one that was given, the key frames.

    12 bytes a frame.
    """

    def __init__(self, stride: int) -> None:
        self._stride = stride
        self._pts = array("q")
        self._checks = array("I")
        self._keys = array("q")
        self._distinct: set[int] | None = None  # kept only where times do not go forward
        self._unique = True

    def __len__(self) -> int:
        return len(self._pts)

    def add(self, pts: int | None, *, key: bool) -> None:
        """Note the next frame."""
        ticks = _NO_PTS if pts is None else pts
        if key:
            self._keys.append(len(self._pts))
        if self._unique:
            self._unique = ticks != _NO_PTS and self._is_new(ticks)
        self._pts.append(ticks)

    def _is_new(self, ticks: int) -> bool:
        if self._distinct is None:
            if not self._pts or ticks > self._pts[-1]:
                return True
            self._distinct = set(self._pts)
        new = ticks not in self._distinct
        self._distinct.add(ticks)
        return new

    def add_picture(self, image: Frame) -> None:
        """Note the picture of the frame that was added last; every `stride`-th has one."""
        self._checks.append(checksum(image))

    def sight(self, index: int) -> Sight:
        """Return what is known of frame `index`, be it nothing but its number."""
        given, rest = divmod(index, self._stride)
        check = self._checks[given] if not rest and given < len(self._checks) else None
        if index >= len(self._pts) or not self._unique:
            return Sight(index, check=check)
        return Sight(index, self._pts[index], check, self._seeks(index) if check is not None else ())

    def _seeks(self, index: int) -> tuple[int, ...]:
        """Return the times of the last key frame up to `index`, of a few frames before it, and of earlier ones.

        None in the first group: what comes before it cannot be sought, and the beginning is near.
        """
        place = bisect_right(self._keys, index) - 1
        if place < 1:
            return ()
        key = self._keys[place]
        earlier = (self._keys[place - back] for back in (1, 3) if place >= back)
        starts = dict.fromkeys((key, max(key - _REORDERED, 0), *earlier))
        return tuple(self._pts[start] for start in starts)


def checksum(image: Frame) -> int:
    """Return a CRC-32 of every 16th row of a picture."""
    return zlib.crc32(np.ascontiguousarray(image[::_CHECKED_ROWS]).data)
