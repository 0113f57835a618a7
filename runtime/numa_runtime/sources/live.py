"""What streams and webcams share: a thread that always reads, a bounded buffer, and reconnecting."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.sources.base import Counters, MediaInfo, SourceFrame, cannot_read_again, refuse_again
from numa_runtime.words import count

log = logging.getLogger("numa_runtime")

BUFFERED_FRAMES = 30
"""Frames kept with stream_buffer=True: a second; when it is full, reading waits and the sender's side fills."""

JOIN_SECONDS = 1.0

Picture = Callable[[], Frame]
"""A frame that is converted only when it is read."""


class Feed(Protocol):
    """One connection to something live; `damaged` counts packets that could not be decoded."""

    damaged: int

    def pictures(self) -> Iterator[Picture]:
        """Yield frames as they come; ends when the other side ends, raises SourceError when it breaks."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Seconds to wait before each attempt to open a lost stream again; a frame received starts the row anew."""

    delays: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)


class LiveMedia:
    """A stream or a webcam.

    A thread reads all the time. Without `every_frame` only the newest frame waits, and one that was not read in time is
    dropped and counted; with it, up to 30 wait and reading pauses when they do. `index` counts
    every frame read, so gaps show what was dropped. When the connection is lost it is opened again after
    growing delays, and the frames end with a warning when all attempts failed.
    """

    def __init__(
        self,
        info: MediaInfo,
        connect: Callable[[], Feed],
        first: Feed,
        *,
        vid_stride: int = 1,
        every_frame: bool = False,
        reconnect: Reconnect | None = None,
    ) -> None:
        self.info = info
        self.counters = Counters()
        self._connect = connect
        self._feed: Feed | None = first
        self._stride = vid_stride
        self._every_frame = every_frame
        self._delays = (reconnect or Reconnect()).delays
        self._waiting: deque[tuple[int, float, Picture]] = deque()
        self._limit = BUFFERED_FRAMES if every_frame else 1
        self._change = threading.Condition()
        self._stop = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None

    def __iter__(self) -> Iterator[SourceFrame]:
        self._start()
        try:
            while (item := self._take()) is not None:
                index, seconds, picture = item
                yield SourceFrame(picture(), self.info.path, index, seconds)
        finally:
            self.close()

    def _start(self) -> None:
        if self._thread is not None:
            raise SourceError(f"{self.info.name} is already being read", hint="open the source again")
        self._thread = threading.Thread(target=self._work, name="numa-live", daemon=True)
        self._thread.start()

    def _take(self) -> tuple[int, float, Picture] | None:
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._ended or self._stop.is_set())
            if not self._waiting:
                return None
            item = self._waiting.popleft()
            self._change.notify_all()
            return item

    def _put(self, item: tuple[int, float, Picture]) -> None:
        with self._change:
            if self._every_frame:
                self._change.wait_for(lambda: len(self._waiting) < self._limit or self._stop.is_set())
            elif len(self._waiting) >= self._limit:
                self._waiting.popleft()
                self.counters.dropped += 1
            if not self._stop.is_set():
                self._waiting.append(item)
            self._change.notify_all()

    def _work(self) -> None:
        try:
            self._read_until_lost()
        finally:
            if self._feed is not None:
                self._feed.close()
                self._feed = None
            with self._change:
                self._ended = True
                self._change.notify_all()

    def _read_until_lost(self) -> None:
        start = time.monotonic()
        attempt = 0
        reason = "it ended"
        while not self._stop.is_set():
            if self._feed is not None:
                before = self.counters.read
                reason = self._read(self._feed, start)
                self._feed.close()
                self._feed = None
                attempt = 0 if self.counters.read > before else attempt
            if self._stop.is_set():
                return
            if attempt == len(self._delays):
                log.warning(
                    "%s was lost after %s (%s); %s to open it again failed",
                    self.info.name,
                    count(self.counters.read, "frame"),
                    reason,
                    count(attempt, "attempt"),
                )
                return
            if attempt == 0:
                log.warning("%s was lost (%s); opening it again", self.info.name, reason)
            self._stop.wait(self._delays[attempt])
            attempt += 1
            reason = self._reopen() or reason

    def _read(self, feed: Feed, start: float) -> str:
        """Read until the feed ends; return why."""
        try:
            for picture in feed.pictures():
                if self._stop.is_set():
                    return "stopped"
                index = self.counters.read
                self.counters.read += 1
                if index % self._stride == 0:
                    self._put((index, time.monotonic() - start, picture))
        except SourceError as error:
            return error.what
        finally:
            self.counters.damaged += feed.damaged
        return "it ended"

    def _reopen(self) -> str:
        """Connect again; return why that failed, or ""."""
        if self._stop.is_set():
            return ""
        try:
            self._feed = self._connect()
        except SourceError as error:
            return error.what
        self.counters.reconnects += 1
        return ""

    def read(self, index: int) -> Frame:
        """Refuse: live frames are gone once given."""
        raise cannot_read_again(self.info.name, index)

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what refuses in the same words."""
        return partial(refuse_again, self.info.name, index)

    def close(self) -> None:
        """Stop reading; a thread that waits for the network ends by itself within the read timeout."""
        with self._change:
            self._stop.set()
            self._waiting.clear()
            self._change.notify_all()
        if self._thread is None:
            if self._feed is not None:
                self._feed.close()
                self._feed = None
        elif self._thread is not threading.current_thread():
            self._thread.join(JOIN_SECONDS)
