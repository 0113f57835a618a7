"""The height-modulated IoU: an overlap counts less between boxes that are not level (Yang et al. 2024, Hybrid-SORT)."""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints


@inner
def height_iou(rows: Floats, i: int, columns: Floats, j: int) -> float:
    """Return the IoU of the vertical extents of two upright boxes that overlap."""
    shared = min(rows[i, at.S_Y2], columns[j, at.S_Y2]) - max(rows[i, at.S_Y1], columns[j, at.S_Y1])
    spanned = max(rows[i, at.S_Y2], columns[j, at.S_Y2]) - min(rows[i, at.S_Y1], columns[j, at.S_Y1])
    return float(shared / spanned)


@rare
def modulate(n: int, limit: float, shapes: Floats, lists: Ints, pair_columns: Ints, pair_costs: Floats) -> None:
    """Multiply what 1 - cost is by the IoU of the heights, in the pairs of `n` rows; drop those of `limit` or more.

    It never makes a pair cheaper, so the pairs found by IoU alone are all that can be below the limit.
    """
    kept, start = 0, 0
    for i in range(n):
        stop = lists[at.L_ROW_START, i + 1]
        for k in range(start, stop):
            cost = 1.0 - (1.0 - pair_costs[k]) * height_iou(shapes[0], i, shapes[1], pair_columns[k])
            if cost < limit:
                pair_columns[kept], pair_costs[kept] = pair_columns[k], cost
                kept += 1
        lists[at.L_ROW_START, i + 1] = kept
        start = stop
