"""Reading frames of a video file again: the very frame that was seen, or an error."""

from __future__ import annotations

import sys
import threading
import weakref
from dataclasses import dataclass
from typing import Any

import av
import av.error

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.sources.base import no_such_frame
from numa_runtime.sources.decoder import Decoder
from numa_runtime.sources.seen import Sight, checksum

_LATE_FRAMES = 16
"""Frames after the wanted time that end a search: no codec shows frames further out of order (H.264, A.3.1)."""

_MISSES = 3
"""Frames in a row that no seek found, after which frames of the file are counted only."""

_NOWHERE = sys.maxsize

_OPEN_AT_ONCE = 4
"""Files that stay open for the next frame; a decoder has threads and some 20 MB."""


class Again:
    """Reads single frames of one file, in any order; threads may share it, a copy or pickle opens the file anew.

    A frame is looked for from the nearest key frame, by its time, and recognised by its picture. Containers differ in
    where a seek lands, and decoders in what they make of the middle of a group, so what is not recognised is looked for
    further back, and at last by counting frames from the beginning, as the first pass did.
    """

    def __init__(self, url: str, name: str, timeout: float | None = None) -> None:
        self._file = (url, name, timeout)
        self._place: _Place | None = None
        self._lock = threading.Lock()
        self._missed = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return shared, self._file

    def read(self, sight: Sight) -> Frame:
        """Return the frame that was seen.

        Raises:
            SourceError: there is no such frame, the file cannot be opened, or it no longer holds what was seen.
        """
        with self._lock:
            image = self._onwards(sight)
            if image is None:
                image = self._from_seeks(sight)
            return self._from_beginning(sight) if image is None else image

    def _onwards(self, sight: Sight) -> Frame | None:
        """Go on from where the last frame was read, unless a seek is shorter."""
        place = self._place
        if place is None or place.next > sight.index or (sight.check is None and not place.counted):
            return None
        shorter = sight.seeks and self._missed < _MISSES and place.time is not None and place.time < sight.seeks[0]
        if shorter:
            return None
        return place.count_to(sight)

    def _from_seeks(self, sight: Sight) -> Frame | None:
        if not sight.seeks or self._missed >= _MISSES:
            return None
        for start in sight.seeks:
            place = self._place or self._open()
            image = place.seek_to(start, sight)
            if image is not None:
                self._missed = 0
                return image
        self._missed += 1
        return None

    def _from_beginning(self, sight: Sight) -> Frame:
        name = self._file[1]
        place = self._open()
        image = place.count_to(sight)
        if image is not None:
            return image
        self._let_go()
        if place.next <= sight.index:
            raise no_such_frame(name, sight.index, place.next)
        raise SourceError(
            f"frame {sight.index} of {name} is not what it was: the file has changed, or is damaged there",
            hint="run again on the file as it is, and use each frame inside the loop that gets it (stream=True)",
        )

    def _open(self) -> _Place:
        self._let_go()
        self._place = place = _Place(Decoder(*self._file))
        _make_room(self)
        return place

    def _let_go(self) -> None:
        if self._place is not None:
            self._place.decoder.close()
            self._place = None

    def close(self) -> None:
        """Close the file; the next `read` opens it again."""
        with self._lock:
            self._let_go()

    def close_if_idle(self) -> None:
        """Close the file unless it is being read."""
        if self._lock.acquire(blocking=False):
            try:
                self._let_go()
            finally:
                self._lock.release()


@dataclass(frozen=True, slots=True)
class FrameReader:
    """Reads one frame again when called; small when copied or pickled."""

    again: Again
    sight: Sight

    def __call__(self) -> Frame:
        return self.again.read(self.sight)


class _Place:
    """A place in a video.

    Attributes:
        next: the number of the frame that comes next; after a seek that failed, a number that none has.
        time: the presentation time of the frame before it, in ticks.
        counted: whether all frames from the beginning were counted.
    """

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.next = 0
        self.time: int | None = None
        self.counted = True

    def count_to(self, sight: Sight) -> Frame | None:
        """Count frames up to the wanted one; None where the file ends before, or it is another frame."""
        for frame in self.decoder.frames():
            self.next += 1
            if self.next > sight.index:
                return self._recognised(frame, sight)
        return None

    def seek_to(self, start: int, sight: Sight) -> Frame | None:
        """Look for the wanted frame from a seek to `start` on; None where it does not come, or looks different."""
        self.counted, self.next = False, _NOWHERE
        try:
            self.decoder.seek(start)
        except (av.error.FFmpegError, OSError):
            return None
        late = 0
        for frame in self.decoder.frames():
            if frame.pts == sight.pts:
                image = self._recognised(frame, sight)
                self.next = _NOWHERE if image is None else sight.index + 1
                return image
            late += frame.pts is None or sight.pts is None or frame.pts > sight.pts
            if late > _LATE_FRAMES:
                break
        return None

    def _recognised(self, frame: av.VideoFrame, sight: Sight) -> Frame | None:
        self.time = frame.pts
        if sight.pts is not None and frame.pts != sight.pts and not self.counted:
            return None
        image = self.decoder.convert(frame)
        return image if sight.check is None or checksum(image) == sight.check else None


_guard = threading.Lock()
_opened: list[weakref.ref[Again]] = []
_shared: weakref.WeakValueDictionary[tuple[str, str, float | None], Again] = weakref.WeakValueDictionary()


def shared(url: str, name: str, timeout: float | None = None) -> Again:
    """Return what reads this file for all copies in this process."""
    with _guard:
        found = _shared.get((url, name, timeout))
        if found is None:
            found = _shared[url, name, timeout] = Again(url, name, timeout)
        return found


def _make_room(newest: Again) -> None:
    """Close the file that was opened longest ago when too many are open."""
    with _guard:
        others = [reference for reference in _opened if reference() not in (None, newest)]
        _opened[:] = [*others, weakref.ref(newest)][-_OPEN_AT_ONCE:]
        excess = [reference() for reference in others[: len(others) + 1 - _OPEN_AT_ONCE]]
    for again in excess:
        if again is not None:
            again.close_if_idle()
