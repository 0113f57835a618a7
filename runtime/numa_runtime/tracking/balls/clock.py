"""A stream's time in nominal frames, from timestamps or without."""

from __future__ import annotations

from collections import deque

from numa_runtime.tracking.time_passed import check_given, frames_passed

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
        """Return how many nominal frames a time lies after the last one; changes nothing.

        Args:
            timestamp: seconds, or None.

        Raises:
            TrackerError: time runs backwards or is not a number, or frames with and without a timestamp are mixed.
        """
        check_given(timestamp, self._last, self.frames)
        return frames_passed(timestamp, self._last, self._rate)

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
