"""Where the pictures get their frames from."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from numa_runtime.errors import SourceError
from numa_runtime.results import Frame, Results

_log = logging.getLogger("numa_runtime")

BUDGET = 400_000_000
"""Bytes of JPEG that are kept of frames which cannot be read again."""


class Frames(Protocol):
    """Gives the BGR frame of that number, or None where it cannot be had any more."""

    def get(self, number: int) -> Frame | None: ...


class KeptFrames:
    """Frames kept in memory as JPEG; the oldest go when they take more than `budget` bytes, which is said once."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._size = 0
        self._data: OrderedDict[int, NDArray[Any]] = OrderedDict()
        self._said = False

    def __len__(self) -> int:
        return len(self._data)

    def add(self, number: int, frame: NDArray[Any]) -> None:
        """Keep a frame, uint8 BGR (h, w, 3) or grey (h, w)."""
        from numa_runtime.vision.opencv import import_cv2

        ok, data = import_cv2().imencode(".jpg", frame)
        if not ok:
            raise SourceError(f"frame {number} of shape {frame.shape} cannot be kept as a picture")
        self._data[number] = data
        self._size += data.nbytes
        while self._size > self._budget and len(self._data) > 1:
            self._size -= self._data.popitem(last=False)[1].nbytes
            if not self._said:
                self._said = True
                _log.warning(f"frames take more than {self._budget / 1e6:.0f} MB: the oldest will lack in the pictures")

    def rename(self, number: int, other: int) -> None:
        """Call a frame, if it is kept, by another number."""
        if number in self._data:
            self._data[other] = self._data.pop(number)

    def get(self, number: int) -> Frame | None:
        """Return the frame of that number, or None."""
        from numa_runtime.vision.opencv import import_cv2

        data = self._data.get(number)
        cv2 = import_cv2()
        return None if data is None else cv2.imdecode(data, cv2.IMREAD_COLOR)


class Footage:
    """The frames of a run: read again from their file where there is one, kept where there is none (cameras)."""

    def __init__(self) -> None:
        self._readers: dict[int, Callable[[], Frame]] = {}
        self._read: OrderedDict[int, Frame] = OrderedDict()
        self._kept = KeptFrames()

    def add(self, number: int, result: Results) -> None:
        """Remember how to get the frame of `result`."""
        if result.reader is not None and Path(result.path).is_file():
            self._readers[number] = result.reader
        elif result.orig_img is not None:
            self._kept.add(number, result.orig_img)

    def get(self, number: int) -> Frame | None:
        """Return the frame of that number, or None; the last few that were read stay in memory."""
        if number not in self._readers:
            return self._kept.get(number)
        if number not in self._read:
            try:
                self._read[number] = self._readers[number]()
            except SourceError as error:
                _log.warning(f"frame {number} lacks in the pictures: {error.what}")
                return None
            if len(self._read) > 8:
                self._read.popitem(last=False)
        return self._read[number]
