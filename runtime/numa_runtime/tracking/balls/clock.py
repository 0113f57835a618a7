"""A stream's time in nominal frames, from timestamps or without."""

from __future__ import annotations

from collections import deque
from math import isfinite

from numa_runtime.errors import TrackerError

_REMEMBERED = 9


class FrameClock:
    """Counts nominal frames (1 / frame_rate seconds) and knows the stream's usual frame time."""

    def __init__(self, frame_rate: float) -> None:
        self._rate = frame_rate
        self._last: float | None = None
        self._steps: deque[float] = deque(maxlen=_REMEMBERED)
        self.frames = 0
        self.now = 0.0

    def passed(self, timestamp: float | None) -> float:
        """Return how many nominal frames `timestamp` (seconds, or None) lies after the last one; changes nothing.

        Raises:
            TrackerError: time runs backwards or is no number, or frames with and without a timestamp are mixed.
        """
        if (timestamp is None) != (self._last is None) and self.frames:
            given = "none" if timestamp is None else f"{timestamp:g}"
            raise TrackerError(
                f"frame {self.frames + 1} has timestamp {given}, but the frames before it did the opposite",
                hint="give every frame a timestamp, or none; reset() starts over",
            )
        if timestamp is None:
            return 1.0
        if not isfinite(timestamp):
            raise TrackerError(f"timestamp {timestamp} is not a time in seconds", hint="give seconds, or None")
        if self._last is None:
            return 1.0
        if timestamp < self._last:
            raise TrackerError(
                f"time runs backwards: timestamp {timestamp:g} after {self._last:g}",
                hint="call reset() when a stream starts over",
            )
        passed = (timestamp - self._last) * self._rate
        if not isfinite(passed):
            raise TrackerError(f"timestamp {timestamp:g} lies infinitely far after {self._last:g}", hint="give seconds")
        return passed

    def advance(self, timestamp: float | None) -> float:
        """Take the next frame; return what `passed` returns."""
        dt = self.passed(timestamp)
        if self.frames:
            self._steps.append(dt)
        self.frames += 1
        self.now += dt
        self._last = timestamp
        return dt

    @property
    def step(self) -> float:
        """The stream's usual frame time in nominal frames: the median of the last nine."""
        return sorted(self._steps)[len(self._steps) // 2] if self._steps else 1.0
