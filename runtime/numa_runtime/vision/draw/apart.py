"""Where labels go: at their box, and apart from each other where boxes crowd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.vision.draw.label import Corners, place

_FARTHEST = 3
"""How many labels' heights a label may lie off its box."""


def places_apart(
    corners: Sequence[Corners], sizes: Sequence[tuple[int, int]], shape: tuple[int, ...], line: int
) -> list[tuple[int, int]]:
    """Return the left and top of each label; earlier ones choose first.

    Above the box, as `place` says, if that is free; else the first free place around the box; where there is none, the
    one where least is covered.

    Args:
        corners: the boxes, x1, y1, x2, y2 in pixels.
        sizes: of the labels (width, height).
        shape: of the picture.
        line: line width of the boxes.
    """
    taken = np.zeros((len(corners), 4))
    found: list[tuple[int, int]] = []
    for at, (corner, (width, height)) in enumerate(zip(corners, sizes, strict=True)):
        left, top = place(corner, (width, height), shape, line)
        before = taken[:at]
        if _touching(before, left, top, left + width, top + height).any():
            choices = _around(corner, width, height, shape, line)
            left, top = choices[_covered(choices, width, height, before).argmin()].tolist()
        taken[at] = left, top, left + width, top + height
        found.append((left, top))
    return found


def _around(corner: Corners, width: int, height: int, shape: tuple[int, ...], line: int) -> NDArray[np.int64]:
    """Return places of a label around a box, the best ones first: (n, 2) left, top, inside the picture."""
    half = line // 2
    lefts = (corner[0] - half, corner[2] + half - width + 1)
    beside = (corner[2] + half + 1, corner[0] - half - width)
    above, inside, below = corner[1] - half - height + 1, corner[1] - half, corner[3] + half
    near = [(left, top) for top in (above, inside, below, corner[3] + half - height + 1) for left in lefts]
    near += [(left, top) for top in (inside, inside + height) for left in beside]
    steps = range(1, _FARTHEST + 1)
    far = [(left, top) for step in steps for top in (above - step * height, below + step * height) for left in lefts]
    places = near + far
    room = max(0, shape[1] - width), max(0, shape[0] - height)
    return np.clip(np.array(places, np.int64), 0, room)


def _covered(choices: NDArray[Any], width: int, height: int, taken: NDArray[Any]) -> NDArray[np.float64]:
    """Return how many pixels of `taken` (m, 4) a label would cover at each place, (n,)."""
    size = np.array([width, height])
    low, high = choices.min(axis=0), choices.max(axis=0) + size
    taken = taken[_touching(taken, *low, *high)]  # a few of the many
    wide = np.minimum(choices[:, :1] + width, taken[:, 2]) - np.maximum(choices[:, :1], taken[:, 0])
    tall = np.minimum(choices[:, 1:] + height, taken[:, 3]) - np.maximum(choices[:, 1:], taken[:, 1])
    covered: NDArray[np.float64] = (np.maximum(wide, 0) * np.maximum(tall, 0)).sum(axis=1)
    return covered


def _touching(taken: NDArray[Any], x1: float, y1: float, x2: float, y2: float) -> NDArray[np.bool_]:
    """Return which of `taken` share pixels with a rectangle."""
    touching: NDArray[np.bool_] = (taken[:, 0] < x2) & (taken[:, 2] > x1) & (taken[:, 1] < y2) & (taken[:, 3] > y1)
    return touching
