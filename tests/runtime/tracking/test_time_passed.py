"""Timestamps: what may follow what, and how far apart they are."""

from math import inf, nan

import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.time_passed import check_given, frames_passed


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
