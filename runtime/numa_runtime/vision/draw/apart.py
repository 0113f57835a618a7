"""Where labels go: at their box, and apart from each other where boxes crowd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.vision.draw.label import Corners, place

_FARTHEST = 3
"""How many labels' heights a label may lie above its box."""


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
        if _covered(np.array([[left, top]]), width, height, taken[:at]).any():
            choices = _around(corner, width, height, shape, line)
            left, top = choices[_covered(choices, width, height, taken[:at]).argmin()].tolist()
        taken[at] = left, top, left + width, top + height
        found.append((left, top))
    return found


def _around(corner: Corners, width: int, height: int, shape: tuple[int, ...], line: int) -> NDArray[np.int64]:
    """Return places of a label around a box, the best ones first: (n, 2) left, top, inside the picture."""
    half = line // 2
    lefts = (corner[0] - half, corner[2] + half - width + 1)
    above, below = corner[1] - half - height + 1, corner[3] + half
    near = (above, corner[1] - half, below, corner[3] + half - height + 1)
    stacked = [above - step * height for step in range(1, _FARTHEST + 1)]
    places = [(left, top) for top in (*near, *stacked, below + height) for left in lefts]
    room = max(0, shape[1] - width), max(0, shape[0] - height)
    return np.clip(np.array(places, np.int64), 0, room)


def _covered(choices: NDArray[Any], width: int, height: int, taken: NDArray[Any]) -> NDArray[np.float64]:
    """Return how many pixels of `taken` (m, 4) a label would cover at each place, (n,)."""
    size = np.array([width, height])
    high = np.minimum(choices[:, None] + size, taken[None, :, 2:])
    low = np.maximum(choices[:, None], taken[None, :, :2])
    covered: NDArray[np.float64] = np.clip(high - low, 0, None).prod(axis=2).sum(axis=1)
    return covered
