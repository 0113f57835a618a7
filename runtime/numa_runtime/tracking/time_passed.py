"""How many nominal frames lie between two timestamps, and what a stream's timestamps must not do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

import numpy as np

from numa_runtime.errors import TrackerError

Time = float | datetime | timedelta | np.datetime64 | np.timedelta64
"""What a timestamp may be given as."""

_EPOCH = np.datetime64(0, "us")
_SECOND = np.timedelta64(1, "s")


def as_seconds(timestamp: Any) -> float:
    """Return a time as seconds.

    Whole numbers are seconds too: whether they were meant as milliseconds cannot be told.

    Args:
        timestamp: a number of seconds, a `datetime` (one without a time zone counts as UTC, so that no hour comes
            twice), a `timedelta`, or numpy's `datetime64` or `timedelta64`.

    Raises:
        TrackerError: something else.
    """
    if isinstance(timestamp, datetime):
        return (timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)).timestamp()
    if isinstance(timestamp, timedelta):
        return timestamp.total_seconds()
    if isinstance(timestamp, np.datetime64):
        return float((timestamp - _EPOCH) / _SECOND)
    if isinstance(timestamp, np.timedelta64):
        return float(timestamp / _SECOND)
    try:
        if isinstance(timestamp, str | bytes | bool):
            raise TypeError
        return float(timestamp)
    except (TypeError, ValueError, OverflowError) as error:
        raise TrackerError(
            f"timestamp {timestamp!r} is not a time in seconds", hint="give seconds, a datetime, or None"
        ) from error


def check_given(timestamp: float | None, last: float | None, frames: int) -> None:
    """Raise if a stream of `frames` frames so far gives timestamps now and then, or gives one that is no time.

    Raises:
        TrackerError: frames with and without a timestamp are mixed, or it is not finite.
    """
    if (timestamp is None) != (last is None) and frames:
        given = "none" if timestamp is None else f"{timestamp:g}"
        raise TrackerError(
            f"frame {frames + 1} has timestamp {given}, but the frames before it did the opposite",
            hint="give every frame a timestamp, or none; reset() starts over",
        )
    if timestamp is not None and not isfinite(timestamp):
        raise TrackerError(f"timestamp {timestamp} is not a time in seconds", hint="give seconds, or None")


def frames_passed(timestamp: float | None, last: float | None, frame_rate: float) -> float:
    """Return the nominal frames (1 / frame_rate seconds) from `last` to `timestamp`; 1 where one is not known.

    Raises:
        TrackerError: time runs backwards, or farther than numbers reach.
    """
    if timestamp is None or last is None:
        return 1.0
    if timestamp < last:
        raise TrackerError(
            f"time runs backwards: timestamp {timestamp:g} after {last:g}",
            hint="call reset() when a stream starts over",
        )
    passed = (timestamp - last) * frame_rate
    if not isfinite(passed):
        raise TrackerError(f"timestamp {timestamp:g} lies infinitely far after {last:g}", hint="give seconds")
    return passed
