"""A video file (or a finite one behind http) as a medium: every frame, with its real time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from typing import Any

from numa_runtime.results.result import Frame
from numa_runtime.shown import public_url
from numa_runtime.sources.again import Again, FrameReader
from numa_runtime.sources.ahead import Ahead
from numa_runtime.sources.base import NOMINAL_FPS, Counters, MediaInfo, MediaKind, SourceFrame, no_such_frame
from numa_runtime.sources.clock import LOOKED_AT, FileClock
from numa_runtime.sources.container import choice_among, pixel_aspect_of
from numa_runtime.sources.decoder import Decoder
from numa_runtime.sources.seen import Seen
from numa_runtime.sources.suffixes import url_scheme

log = logging.getLogger("numa_runtime")


class VideoFile:
    """A video of finite length; it can be copied and pickled, and then opens the file anew.

    Args:
        url: the file.
        vid_stride: give every n-th frame.
        timeout: seconds for opening and each read of a URL.
        frame_rate: frames per second of a file that has no times (raw h264, hevc, mjpeg) or does not say its rate.

    Raises:
        SourceError: it cannot be opened, or no frame can be decoded.
    """

    def __init__(
        self,
        url: str | Path,
        *,
        vid_stride: int = 1,
        timeout: float | None = None,
        frame_rate: float | None = None,
    ) -> None:
        self._url = str(url)
        self._shown = public_url(self._url) if url_scheme(self._url) else self._url
        self._name = Path(self._shown).name
        self._stride = vid_stride
        self._timeout = timeout
        self._said_rate = frame_rate
        self._told: set[str] = set()
        self._opened: Decoder | None = self._open()
        self._seen = Seen(vid_stride)
        self._again = Again(self._url, self._name, timeout)
        self.counters = Counters()
        self.info, self._least = self._describe(self._opened)

    def _open(self) -> Decoder:
        return Decoder(self._url, self._name, self._timeout)

    def _describe(self, decoder: Decoder) -> tuple[MediaInfo, int]:
        """Return what is known before the first frame, and the number of frames below which some are missing."""
        height, width = decoder.convert(decoder.first).shape[:2]
        turned = decoder.convert.turned
        aspect = pixel_aspect_of(decoder.stream)
        rate = float(decoder.rate) if decoder.rate else None
        if self._said_rate and (rate is None or decoder.tick is None):
            rate = self._said_rate
        elif decoder.tick is None:
            counted = f"{rate or NOMINAL_FPS:g} frames are taken as a second"
            self._tell("times", f" holds no times: {counted}; in track mode frame_rate=N says another rate")
        if choice := choice_among(decoder.stream):
            self._tell("choice", f" {choice}")
        expected, least = decoder.header_frames
        return (
            MediaInfo(
                MediaKind.VIDEO,
                self._name,
                self._shown,
                width,
                height,
                rate,
                expected,
                self._stride,
                1 / aspect if turned else aspect,
            ),
            least,
        )

    def _tell(self, what: str, rest: str) -> None:
        """Say something that begins with the file's name, once however often it is read."""
        if what not in self._told:
            self._told.add(what)
            log.warning("%s%s", self._name, rest)

    def __iter__(self) -> Iterator[SourceFrame]:
        decoder, self._opened = self._opened or self._open(), None
        self.counters = decoder.counters
        with Ahead(self._frames(decoder)) as frames:
            yield from frames

    def _frames(self, decoder: Decoder) -> Iterator[SourceFrame]:
        seen = Seen(self._stride)
        try:
            first = list(islice(decoder.frames(), LOOKED_AT))
            clock = self._clock([frame.pts for frame in first], decoder.tick)
            first.reverse()
            waiting = (first.pop() for _ in range(len(first)))  # none is held longer than it takes
            for index, frame in enumerate(chain(waiting, decoder.frames())):
                self.counters.read += 1
                seen.add(frame.pts, key=frame.key_frame)
                if len(seen) >= len(self._seen):  # a pass that is left early knows less than the one before
                    self._seen = seen
                seconds = clock(frame.pts, index)
                if index % self._stride == 0:
                    image = decoder.convert(frame)
                    seen.add_picture(image)
                    yield SourceFrame(image, self._shown, index, seconds)
            self._report(decoder.counters)
        finally:
            decoder.close()

    def _clock(self, first: list[int | None], tick: Fraction | None) -> FileClock:
        return FileClock(
            first, tick, self.info.fps or NOMINAL_FPS, lambda sentence: self._tell("clock", f": {sentence}")
        )

    def _report(self, counters: Counters) -> None:
        """Report once what could not be read of the file."""
        short = counters.read < self._least
        if counters.damaged:
            promised = f" of the {self.info.frame_count} its header promises" if short else ""
            self._tell("damage", f" is damaged or cut off: {counters.read} frames could be decoded{promised}")
        elif short:
            self._tell(
                "damage", f": its header promises {self.info.frame_count} frames, {counters.read} can be decoded"
            )

    def read(self, index: int) -> Frame:
        """Decode frame `index` again; cheap for the next one, a jump to a key frame otherwise."""
        if index < 0:
            raise no_such_frame(self._name, index, self.info.frame_count or 0)
        return self._again.read(self._seen.sight(index))

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what reads frame `index` again, also in another process."""
        return FrameReader(self._again, self._seen.sight(index))

    def close(self) -> None:
        """Close what is open; a later `read` opens the file again."""
        self._again.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_opened": None}
