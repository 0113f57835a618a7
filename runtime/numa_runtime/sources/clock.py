"""The time of a video's frames: their presentation time, or frames counted where a file has no good one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

LOOKED_AT = 8
"""Frames at the start whose times are looked at first: where decode times stand for presentation times (AVI with
B-frames, remuxed elementary streams), the first few run backwards already."""

_MISSES, _WITHIN = 4, 100
"""Times that do not go forward, and the frames they are counted in: fewer come from damage, and pass."""

_SHORTLY = 0.25
"""Frames after the one before: so little that the next frame's own time comes later still."""


class FileClock:
    """Gives the frames of one pass their times in seconds; ask for every frame, in order.

    A frame's time depends on the frames before it and on the first few alone, so every pass over a file gives it the
    same. Time always goes forward. A frame whose own time is missing or does not comes shortly after the one before;
    where that happens again and again, the rest of the file is counted.

    Args:
        first: ticks of the first frames, `LOOKED_AT` where there are as many.
        tick: seconds of a tick; None where the file has no times.
        fps: frames per second where they are counted.
        say: told once, in a sentence, that frames are counted although the file has times.
    """

    def __init__(
        self, first: Sequence[int | None], tick: Fraction | None, fps: float, say: Callable[[str], None]
    ) -> None:
        self._tick, self._fps, self._say = tick, fps, say
        self._start = first[0] if first else None
        self._timed, self._time, self._now = 0, 0.0, 0.0
        self._misses: deque[int] = deque(maxlen=_MISSES)
        if tick is not None and not _goes_forward(first):
            self._tick = None
            say(f"the times of its frames do not go forward; they are counted instead, {fps:g} per second")

    def __call__(self, ticks: int | None, index: int) -> float:
        """Return the time of frame `index`, the next one, whose presentation time is `ticks`."""
        if self._tick is None:
            return self._counted(index)
        if index and ticks is not None and self._start is not None:
            own = float((ticks - self._start) * self._tick)
            if own > self._now:
                self._timed, self._time, self._now = index, own, own
                return own
        if index:
            self._now += _SHORTLY / self._fps
            self._miss(index)
        return self._now if self._tick is not None else self._counted(index)

    def _counted(self, index: int) -> float:
        """Return the time of a frame from the last one that had its own."""
        return self._time + (index - self._timed) / self._fps

    def _miss(self, index: int) -> None:
        self._misses.append(index)
        if len(self._misses) == _MISSES and index - self._misses[0] < _WITHIN:
            self._tick = None
            self._say(f"the times of its frames go back from frame {self._misses[0]} on; they are counted from there")


def _goes_forward(ticks: Sequence[int | None]) -> bool:
    if len(ticks) == 1:
        return ticks[0] is not None
    return all(before is not None and after is not None and before < after for before, after in pairwise(ticks))
