"""One pass over a video file."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import cast

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from numa_runtime.errors import SourceError
from numa_runtime.sources.base import Counters
from numa_runtime.sources.container import ToBGR, decode, has_times, open_container, rate_of


class Decoder:
    """Opens a video and decodes its first frame at once, so that failures come early.

    Its codec and threads end with `close`, or at once when the last user lets go of it: nothing it holds refers back
    to it, and what refers to each other inside PyAV (container and streams) is closed.

    Raises:
        SourceError: it cannot be opened, or no frame can be decoded.
    """

    def __init__(self, url: str, name: str, timeout: float | None = None) -> None:
        self.counters = Counters()
        self.convert = ToBGR()
        self._container, self.stream = open_container(url, name, timeout=timeout)
        self._finish = weakref.finalize(self, self._container.close)
        self._finish.atexit = False  # a thread may be decoding then
        self._frames = self._decode()
        first = next(self._frames, None)
        if first is None:
            self.close()
            raise SourceError(f"{name} has no frames that can be decoded", hint="the recording or the copy broke off")
        self.first = first
        self._frames = chain([first], self._frames)

    def _decode(self) -> Iterator[av.VideoFrame]:
        count = partial(_count_damage, self.counters)
        return decode(self._container, self.stream, count, count)

    def frames(self) -> Iterator[av.VideoFrame]:
        """Yield the frames that are left, in order of presentation."""
        return self._frames

    def seek(self, pts: int) -> None:
        """Go to the last key frame at or before `pts` (ticks of the stream), or where the container thinks it is."""
        self._frames = iter(())
        self._container.seek(pts, stream=self.stream, backward=True)
        self._frames = self._decode()

    @property
    def rate(self) -> Fraction | None:
        """Frames per second, as the header says."""
        return rate_of(self.stream)

    @property
    def tick(self) -> Fraction | None:
        """Seconds of a tick of the frames' times; None where the format has none (raw streams)."""
        return self.stream.time_base if has_times(self._container) else None

    @property
    def header_frames(self) -> tuple[int | None, int]:
        """The frames that are to be expected, and the number below which the file is incomplete (0: it does not say).

        A trimmed clip (edit list) holds frames that are not shown: its duration knows how many are.
        """
        stream, rate = self.stream, self.rate
        shown = None
        if stream.duration and stream.time_base and rate:
            shown = max(Fraction(1), stream.duration * stream.time_base * rate)
        if not stream.frames:
            return (round(shown) if shown else _from_container(stream, rate)), 0
        if shown is None or stream.frames - shown < Fraction(1, 2):
            return stream.frames, stream.frames
        return int(shown), int(shown) - 1

    def close(self) -> None:
        """Close the file."""
        self._frames = iter(())
        self._finish()


def _count_damage(counters: Counters, _: Exception | None = None) -> None:
    counters.damaged += 1


def _from_container(stream: VideoStream, rate: Fraction | None) -> int | None:
    """Return the container's duration times the rate (mkv and webm know no stream duration)."""
    container = cast("InputContainer", stream.container)
    return round(container.duration / av.time_base * rate) if container.duration and rate else None
