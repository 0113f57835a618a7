"""The time of a video's frames: their presentation time, or frames counted where a file has no good one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

LOOKED_AT = 8
"""Frames at the start whose times are looked at first: where decode times stand for presentation times (AVI with
B-frames, remuxed elementary streams), the first few run backwards already."""


class FileClock:
    """Gives the frames of one pass their times in seconds; ask for every frame, in order.

    A frame's time depends on the frames before it and on the first few alone, so that every pass over a file gives
    it the same. Time always goes forward: where a file's own times are missing, stand still or go back, frames are
    counted from there on.

    Args:
        first: ticks of the first frames, `LOOKED_AT` where there are as many.
        tick: seconds of a tick; None where the file has no times.
        fps: frames per second where they are counted.
        say: told once, in a sentence, that frames are counted, if a file that has times has bad ones.
    """

    def __init__(
        self, first: Sequence[int | None], tick: Fraction | None, fps: float, say: Callable[[str], None]
    ) -> None:
        self._tick, self._fps, self._say = tick, fps, say
        self._start = first[0] if first else None
        self._last = 0.0
        self._counted_from: int | None = None
        if tick is None:
            self._counted_from = 0
        elif not _goes_forward(first):
            self._counted_from = 0
            say(f"the times of its frames do not go forward; they are counted instead, {fps:g} per second")

    def __call__(self, ticks: int | None, index: int) -> float:
        """Return the time of frame `index`, the next one, whose presentation time is `ticks`."""
        if self._counted_from is None:
            now = self._own(ticks)
            if now is not None and (index == 0 or now > self._last):
                self._last = now
                return now
            self._counted_from = index - 1
            self._say(f"its time does not go forward at frame {index}; from there on {self._fps:g} frames are a second")
        return self._last + (index - self._counted_from) / self._fps

    def _own(self, ticks: int | None) -> float | None:
        if ticks is None or self._start is None or self._tick is None:
            return None
        return float((ticks - self._start) * self._tick)


def _goes_forward(ticks: Sequence[int | None]) -> bool:
    return all(before is not None and after is not None and before < after for before, after in pairwise(ticks))
