"""Who has which colour: objects seen together never share one, as long as there are enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

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
        taken: Counter[int] = Counter()
        for number in sorted(set(numbers), key=lambda number: (number not in self._held, number)):
            place = self._place(number, taken)
            taken[place] += 1
            self._held[number], self._seen[number] = place, self._frame
        self._forget()
        return [color_of(self._held[number]) for number in numbers]

    def _place(self, number: int, taken: Counter[int]) -> int:
        """Return a number's place in the palette, of which `taken` are those that others of this frame have.

        It is the one it had, or the nearest one behind its own that nobody has; failing that, one that few have.
        """
        held = self._held.get(number)
        if held is not None and not taken[held]:
            return held
        kept = set(self._held.values())
        order = [(number + step) % COLORS for step in range(COLORS)]
        return min(order, key=lambda place: (taken[place], place in kept))

    def _forget(self) -> None:
        for number in [number for number, frame in self._seen.items() if frame < self._frame - PATIENCE]:
            del self._held[number], self._seen[number]
