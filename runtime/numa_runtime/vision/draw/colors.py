"""Who has which colour: objects seen together never share one, as long as there are enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from numa_runtime.vision.draw.palette import COLORS, Color, color_of

PATIENCE = 90
"""Frames for which the colour of an object that is not seen is kept for it, if it can be."""


class Colors:
    """Deals out the palette: a number has its own colour (`color_of`), unless another one that is there has it.

    Kept from frame to frame, it lets every object keep its colour for as long as it is seen.
    """

    def __init__(self) -> None:
        self._held: dict[int, int] = {}  # number: its place in the palette
        self._seen: dict[int, int] = {}  # number: when it was there last
        self._frame = 0

    def of(self, numbers: Sequence[int]) -> list[Color]:
        """Return the colour of each object of the next frame, by its id or class."""
        self._frame += 1
        there = sorted(set(numbers), key=lambda number: (number not in self._held, number))
        taken: Counter[int] = Counter()
        for number in there:
            place = self._held.get(number, number % COLORS)
            if taken[place] or (number not in self._held and place in self._kept(there)):
                place = self._free(place, taken, self._kept(there))
            taken[place] += 1
            self._held[number], self._seen[number] = place, self._frame
        self._forget()
        return [color_of(self._held[number]) for number in numbers]

    def _kept(self, there: Iterable[int]) -> set[int]:
        """Return the places that are kept: by objects that are there, and by those that may come back."""
        return set(self._held.values())

    def _free(self, wanted: int, taken: Counter[int], kept: set[int]) -> int:
        """Return the place nearest behind `wanted` that nobody has; failing that, that nobody there has the most."""
        order = [(wanted + step) % COLORS for step in range(COLORS)]
        return min(order, key=lambda place: (taken[place], place in kept))

    def _forget(self) -> None:
        for number in [number for number, frame in self._seen.items() if frame < self._frame - PATIENCE]:
            del self._held[number], self._seen[number]
