"""A video file (or a finite one behind http) as a medium: every frame, with its real time."""

from __future__ import annotations

import logging
import threading
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.shown import public_url
from numa_runtime.sources.ahead import Ahead
from numa_runtime.sources.base import NOMINAL_FPS, Counters, MediaInfo, MediaKind, SourceFrame, no_such_frame
from numa_runtime.sources.container import ToBGR, decode, open_container
from numa_runtime.sources.suffixes import url_scheme

log = logging.getLogger("numa_runtime")


class Decoder:
    """One pass over a video: opens it and decodes the first frame at once, so that failures come early.

    Raises:
        SourceError: it cannot be opened, or no frame can be decoded.
    """

    def __init__(self, url: str, name: str, timeout: float | None = None) -> None:
        self.counters = Counters()
        self.convert = ToBGR()
        self._container, self.stream = open_container(url, name, timeout=timeout)
        self._frames = self._decode()
        first = next(self._frames, None)
        if first is None:
            self.close()
            raise SourceError(f"{name} has no frames that can be decoded", hint="the recording or the copy broke off")
        self.first = first
        self._frames = chain([first], self._frames)

    def _decode(self) -> Iterator[av.VideoFrame]:
        return decode(self._container, self.stream, self._count_damage, self._count_damage)

    def _count_damage(self, _: Exception | None = None) -> None:
        self.counters.damaged += 1

    def frames(self) -> Iterator[av.VideoFrame]:
        """Yield the frames that are left, in order of presentation."""
        return self._frames

    def seek(self, pts: int) -> None:
        """Go to the last key frame at or before `pts` (ticks of the stream)."""
        self._container.seek(pts, stream=self.stream, backward=True)
        self._frames = self._decode()

    def close(self) -> None:
        """Close the file."""
        self._container.close()


class VideoFile:
    """A video of finite length.

    Raises:
        SourceError: it cannot be opened, or no frame can be decoded.
    """

    def __init__(self, url: str | Path, *, vid_stride: int = 1, timeout: float | None = None) -> None:
        self._url = str(url)
        path = public_url(self._url) if url_scheme(self._url) else self._url
        self._name = path.rstrip("/").rsplit("/", 1)[-1] if url_scheme(path) else Path(path).name
        self._stride = vid_stride
        self._timeout = timeout
        self._opened: Decoder | None = self._open()
        self._keys: list[tuple[int, int]] = []
        self._reader: _Reader | None = None
        self._lock = threading.Lock()
        self._said = False
        self.counters = Counters()
        stream = self._opened.stream
        height, width = self._opened.convert(self._opened.first).shape[:2]
        rate = stream.average_rate or stream.guessed_rate
        self._header_count = stream.frames
        self.info = MediaInfo(
            MediaKind.VIDEO,
            self._name,
            path,
            width,
            height,
            float(rate) if rate else None,
            _expected(stream),
            vid_stride,
        )

    def _open(self) -> Decoder:
        return Decoder(self._url, self._name, self._timeout)

    def __iter__(self) -> Iterator[SourceFrame]:
        decoder, self._opened = self._opened or self._open(), None
        self.counters = decoder.counters
        with Ahead(self._frames(decoder)) as frames:
            yield from frames

    def _frames(self, decoder: Decoder) -> Iterator[SourceFrame]:
        seconds = _Clock(decoder, self.info.fps)
        keys: list[tuple[int, int]] = []
        self._keys = keys
        try:
            for index, frame in enumerate(decoder.frames()):
                self.counters.read += 1
                if frame.key_frame and frame.pts is not None:
                    keys.append((index, frame.pts))
                if index % self._stride == 0:
                    yield SourceFrame(decoder.convert(frame), self.info.path, index, seconds(frame, index))
            self._report(decoder.counters)
        finally:
            decoder.close()

    def _report(self, counters: Counters) -> None:
        """Report once what could not be read of the file."""
        missing = self._header_count - counters.read
        if self._said or not (counters.damaged or missing > 0):
            return
        self._said = True
        if counters.damaged:
            log.warning(
                "%s is damaged or cut off: %d frames could be decoded%s",
                self._name,
                counters.read,
                f" of the {self._header_count} its header promises" if missing > 0 else "",
            )
        else:
            log.warning(
                "%s: its header promises %d frames, %d can be decoded", self._name, self._header_count, counters.read
            )

    def read(self, index: int) -> Frame:
        """Decode frame `index` again; cheap for the next one, a jump to a key frame otherwise."""
        if index < 0:
            raise no_such_frame(self._name, index, self.info.frame_count or 0)
        with self._lock:
            if self._reader is None or not self._reader.at <= index:
                self._close_reader()
                self._reader = _Reader(self._open())
            return self._reader.read(index, self._keys, self._name)

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.decoder.close()
            self._reader = None

    def close(self) -> None:
        """Close what is open; a later `read` opens the file again."""
        with self._lock:
            self._close_reader()
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class _Reader:
    """A place in a video that only moves forward; `at` is the number of the next frame."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.at = 0
        self._frames = decoder.frames()

    def read(self, index: int, keys: list[tuple[int, int]], name: str) -> Frame:
        place = bisect_right(keys, (index, 1 << 62)) - 1
        from_pts: int | None = None
        if place >= 0 and keys[place][0] > self.at:
            self.at, from_pts = keys[place]
            self.decoder.seek(from_pts)
            self._frames = self.decoder.frames()
        for frame in self._frames:
            if from_pts is not None and frame.pts is not None and frame.pts < from_pts:
                continue  # what an open group shows before its key frame was counted with the group before
            self.at += 1
            if self.at > index:
                return self.decoder.convert(frame)
        raise no_such_frame(name, index, self.at)


class _Clock:
    """Presentation time in seconds from the first frame; frame number over rate where a file has no times."""

    def __init__(self, decoder: Decoder, fps: float | None) -> None:
        self._start = decoder.first.pts
        self._tick = decoder.stream.time_base
        self._fps = fps or NOMINAL_FPS

    def __call__(self, frame: av.VideoFrame, index: int) -> float:
        if frame.pts is None or self._start is None or self._tick is None:
            return index / self._fps
        return float((frame.pts - self._start) * self._tick)


def _expected(stream: VideoStream) -> int | None:
    """Return the frames a header promises, cut to its duration (edit lists shorten one and not the other)."""
    rate = stream.average_rate or stream.guessed_rate
    by_time = None
    if stream.duration and stream.time_base and rate:
        by_time = max(1, round(stream.duration * stream.time_base * rate))
    if not stream.frames:
        return by_time or _from_container(stream)
    return min(stream.frames, by_time) if by_time and by_time < 0.9 * stream.frames else stream.frames


def _from_container(stream: VideoStream) -> int | None:
    """Return the container's duration times the rate (mkv and webm know no stream duration)."""
    container = cast("InputContainer", stream.container)
    rate = stream.average_rate or stream.guessed_rate
    return round(container.duration / av.time_base * rate) if container.duration and rate else None
