"""How many cells a detector's grids have: the number that tells the families' outputs apart."""

from __future__ import annotations

STRIDES = ((8, 16, 32), (8, 16, 32, 64), (4, 8, 16, 32))


def cells(height: int, width: int, strides: tuple[int, ...]) -> int:
    """Return the number of cells of all levels together, e.g. 8,400 for 640x640 and strides 8, 16, 32."""
    return sum(-(-height // stride) * -(-width // stride) for stride in strides)


def strides_for(count: int, height: int | None, width: int | None) -> tuple[int, ...] | None:
    """Return the strides whose grids have `count` cells at this input size, or None when no usual set does."""
    if height is None or width is None:
        return None
    return next((strides for strides in STRIDES if cells(height, width, strides) == count), None)
