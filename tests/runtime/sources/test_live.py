from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from clips import number_of, numbered_frame

from numa_runtime.errors import SourceError
from numa_runtime.sources.base import MediaInfo, MediaKind
from numa_runtime.sources.live import BUFFERED_FRAMES, LiveMedia, Reconnect

INFO = MediaInfo(MediaKind.STREAM, "rtsp://door", "rtsp://user@door", 64, 48, 25.0)
AT_ONCE = Reconnect(delays=(0.0, 0.0, 0.0))


class FakeFeed:
    """Gives `count` numbered frames, waits for `gate` before each after the first, then ends or breaks."""

    def __init__(self, count: int, gate: Callable[[int], object] = lambda i: None, breaks: str = "") -> None:
        self.damaged = 2
        self.closed = False
        self._count, self._gate, self._breaks = count, gate, breaks

    def pictures(self) -> Iterator[Callable[[], np.ndarray]]:
        for i in range(self._count):
            self._gate(i)
            yield functools.partial(numbered_frame, i)
        if self._breaks:
            raise SourceError(self._breaks)

    def close(self) -> None:
        self.closed = True


def refused() -> FakeFeed:
    raise SourceError("rtsp://door refused the connection")


def test_every_frame_policy_drops_nothing_and_is_bounded() -> None:
    count = 3 * BUFFERED_FRAMES
    feed = FakeFeed(count)
    media = LiveMedia(INFO, refused, feed, every_frame=True, reconnect=AT_ONCE)
    indices = []
    for frame in media:
        assert media.counters.read - frame.index <= BUFFERED_FRAMES + 2
        assert number_of(frame.image) == frame.index % 32
        indices.append(frame.index)
    assert indices == list(range(count))
    assert (media.counters.read, media.counters.dropped, media.counters.reconnects) == (count, 0, 0)
    assert feed.closed


def test_newest_frame_policy_drops_what_nobody_took_and_counts_it() -> None:
    all_read = threading.Event()
    first_taken = threading.Event()

    def gate(i: int) -> None:
        if i == 1:
            first_taken.wait(5)
        if i == 20:
            all_read.set()

    media = LiveMedia(INFO, refused, FakeFeed(21, gate), reconnect=AT_ONCE)
    frames = iter(media)
    assert next(frames).index == 0
    first_taken.set()
    assert all_read.wait(5)
    rest = [frame.index for frame in frames]
    assert rest[-1] == 20
    assert media.counters.read == 21
    assert media.counters.dropped == 21 - 1 - len(rest) >= 17


def test_times_are_wall_clock_and_grow() -> None:
    media = LiveMedia(INFO, refused, FakeFeed(10), every_frame=True, reconnect=AT_ONCE)
    times = [frame.timestamp for frame in media]
    assert times == sorted(times)
    assert 0 <= times[0] < 5


def test_stride_keeps_source_numbers() -> None:
    media = LiveMedia(INFO, refused, FakeFeed(9), vid_stride=4, every_frame=True, reconnect=AT_ONCE)
    assert [frame.index for frame in media] == [0, 4, 8]


def test_a_lost_stream_is_opened_again_and_numbers_go_on(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[FakeFeed | None] = [None, FakeFeed(3), None, None, FakeFeed(2)]

    def connect() -> FakeFeed:
        return (answers.pop(0) if answers else None) or refused()

    media = LiveMedia(INFO, connect, FakeFeed(2, breaks="it broke"), every_frame=True, reconnect=AT_ONCE)
    with caplog.at_level(logging.WARNING):
        assert [frame.index for frame in media] == list(range(7))
    assert media.counters.reconnects == 2
    assert media.counters.damaged == 6
    assert [record.message for record in caplog.records] == [
        "rtsp://door was lost (it broke); opening it again",
        "rtsp://door was lost (it ended); opening it again",
        "rtsp://door was lost (it ended); opening it again",
        "rtsp://door was lost after 7 frames (rtsp://door refused the connection); 3 attempts to open it again failed",
    ]


def test_a_stream_that_opens_but_never_gives_a_frame_again_ends() -> None:
    opened = []

    def connect() -> FakeFeed:
        opened.append(FakeFeed(0))
        return opened[-1]

    media = LiveMedia(INFO, connect, FakeFeed(1), every_frame=True, reconnect=AT_ONCE)
    assert len(list(media)) == 1
    assert len(opened) == 3
    assert all(feed.closed for feed in opened)


def test_leaving_early_stops_the_thread_and_closes_the_feed() -> None:
    feed = FakeFeed(10**9)
    media = LiveMedia(INFO, refused, feed)
    for _ in media:
        break
    media.close()
    assert feed.closed


def test_closing_while_it_waits_to_reconnect_does_not_wait() -> None:
    media = LiveMedia(INFO, refused, FakeFeed(1), reconnect=Reconnect(delays=(3600.0,)))
    frames = iter(media)
    next(frames)
    frames.close()
    # the autouse fixture sees the thread end


def test_closing_one_that_was_never_read_closes_the_feed_and_frames_cannot_be_read_again() -> None:
    feed = FakeFeed(1)
    media = LiveMedia(INFO, refused, feed)
    media.close()
    assert feed.closed
    with pytest.raises(SourceError, match="frame 4 of rtsp://door cannot be read again"):
        media.read(4)
