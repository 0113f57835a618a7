"""Timestamps: what may follow what, and how far apart they are."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from math import inf, nan

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.explain import Recorder
from numa_runtime.tracking import BallTracker, Tracker
from numa_runtime.tracking.time_passed import as_seconds, check_given, frames_passed


@pytest.mark.parametrize(
    ("timestamp", "last", "passed"), [(None, None, 1), (2.0, None, 1), (2.0, 1.5, 15), (1.5, 1.5, 0)]
)
def test_nominal_frames(timestamp, last, passed):
    check_given(timestamp, last, 0 if last is None else 3)
    assert frames_passed(timestamp, last, 30.0) == pytest.approx(passed)


@pytest.mark.parametrize(
    ("timestamp", "last", "sentence"),
    [
        (None, 1.0, "frame 4 has timestamp none, but the frames before it did the opposite"),
        (1.0, None, "frame 4 has timestamp 1, but the frames before it did the opposite"),
        (nan, 1.0, "timestamp nan is not a time in seconds"),
        (inf, 1.0, "timestamp inf is not a time in seconds"),
    ],
)
def test_what_a_stream_must_not_give(timestamp, last, sentence):
    with pytest.raises(TrackerError) as caught:
        check_given(timestamp, last, 3)
    assert caught.value.what == sentence


@pytest.mark.parametrize(
    ("timestamp", "last", "sentence"),
    [(1.0, 2.0, "time runs backwards: timestamp 1 after 2"), (1e308, -1e308, "lies infinitely far after")],
)
def test_what_time_cannot_do(timestamp, last, sentence):
    with pytest.raises(TrackerError, match=sentence):
        frames_passed(timestamp, last, 30.0)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (5, 5.0),
        (np.int64(5), 5.0),
        (np.float32(0.5), 0.5),
        (timedelta(minutes=1), 60.0),
        (np.timedelta64(1500, "ms"), 1.5),
        (datetime(1970, 1, 1, 0, 0, 2), 2.0),
        (datetime(1970, 1, 1, 2, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=2))), 0.25),
        (np.datetime64("1970-01-01T00:00:02.5"), 2.5),
        (np.datetime64("1970-01-02"), 86_400.0),
    ],
)
def test_times_become_seconds(given, seconds):
    assert as_seconds(given) == seconds
    assert type(as_seconds(given)) is float


@pytest.mark.parametrize("given", ["12:00", b"1", True, [], object(), np.array([1.0, 2.0]), 1j])
def test_what_is_no_time(given):
    with pytest.raises(TrackerError, match="is not a time in seconds"):
        as_seconds(given)


def test_no_hour_comes_twice_without_a_time_zone(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    hours = [as_seconds(datetime(2026, 10, 25, hour)) for hour in range(6)]
    assert [b - a for a, b in pairwise(hours)] == [3600.0] * 5


def frames():
    for k in range(6):
        yield np.array([[10.0 + 3 * k, 20, 60 + 3 * k, 120, 0.9, 0]])


@pytest.mark.parametrize(
    "times",
    [
        [datetime(2026, 11, 28, 9) + timedelta(seconds=k / 25) for k in range(6)],
        [np.datetime64("2026-11-28T09:00:00.000") + np.timedelta64(40 * k, "ms") for k in range(6)],
        [timedelta(seconds=k / 25) for k in range(6)],
    ],
)
def test_trackers_take_datetimes_as_they_take_seconds(times):
    clocked, timed, recorded = Tracker(), Tracker(), Recorder(Tracker())
    balls, balls_timed = BallTracker(), BallTracker()
    for k, (rows, time) in enumerate(zip(frames(), times, strict=True)):
        expected = clocked.update(rows, timestamp=k / 25)
        np.testing.assert_allclose(timed.update(rows, timestamp=time), expected, rtol=1e-4)
        np.testing.assert_allclose(recorded.update(rows, timestamp=time), expected, rtol=1e-4)
        ball = [[10.0 + k, 20, 11 + k, 20, 0.9, 0]]
        np.testing.assert_allclose(
            balls_timed.update(ball, timestamp=time), balls.update(ball, timestamp=k / 25), rtol=1e-3
        )
    assert str(recorded.explain(1))
    with pytest.raises(TrackerError, match="time runs backwards"):
        timed.update(np.zeros((0, 6)), timestamp=times[0])


def test_not_a_time_is_refused_and_leaves_the_tracker_as_it_was():
    tracker = Tracker()
    tracker.update(next(frames()), timestamp=1.0)
    for wrong in (np.datetime64("NaT"), "now"):
        with pytest.raises(TrackerError, match="is not a time in seconds"):
            tracker.update(next(frames()), timestamp=wrong)
    assert tracker.frames == 1
