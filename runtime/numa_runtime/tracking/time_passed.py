"""How many nominal frames lie between two timestamps, and what a stream's timestamps must not do."""

from __future__ import annotations

from math import isfinite

from numa_runtime.errors import TrackerError


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
