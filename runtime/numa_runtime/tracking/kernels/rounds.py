"""Assignment by rounds of mutual minima under a limit that tightens (Shim et al. 2025, TrackTrack)."""

from __future__ import annotations

from math import inf

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints


@inner
def find_nearest(
    n: int, m: int, limit: float, shapes: Floats, lists: Ints, pair_columns: Ints, pair_costs: Floats
) -> None:
    """Write the row that is cheapest below `limit` for each column into L_FROM, -1 for none; without matched ones."""
    for j in range(m):
        shapes[1, j, at.S_DISTANCE], lists[at.L_FROM, j] = inf, -1
    for i in range(n):
        if lists[at.L_ROW_MATCH, i] >= 0:
            continue
        for k in range(lists[at.L_ROW_START, i], lists[at.L_ROW_START, i + 1]):
            j = pair_columns[k]
            if lists[at.L_COL_MATCH, j] < 0 and pair_costs[k] < min(limit, shapes[1, j, at.S_DISTANCE]):
                shapes[1, j, at.S_DISTANCE], lists[at.L_FROM, j] = pair_costs[k], i


@rare
def solve_rounds(
    n: int, m: int, limit: float, step: float, shapes: Floats, lists: Ints, pair_columns: Ints, pair_costs: Floats
) -> None:
    """Match, round after round, all pairs that are the cheapest of their row and of their column below the limit.

    Each round lowers the limit by `step`; the first round without a match is the last. Of equals the first counts.
    """
    row_match, column_match = lists[at.L_ROW_MATCH], lists[at.L_COL_MATCH]
    for i in range(n):
        row_match[i] = -1
    for j in range(m):
        column_match[j] = -1
    found = 1
    while found > 0:
        found = 0
        find_nearest(n, m, limit, shapes, lists, pair_columns, pair_costs)
        for i in range(n):
            if row_match[i] >= 0:
                continue
            best, best_column = limit, m
            for k in range(lists[at.L_ROW_START, i], lists[at.L_ROW_START, i + 1]):
                j, cost = pair_columns[k], pair_costs[k]
                if column_match[j] < 0 and (cost < best or (cost == best and j < best_column < m)):
                    best, best_column = cost, j
            if best_column < m and lists[at.L_FROM, best_column] == i:
                row_match[i] = best_column
                found += 1
        for i in range(n):
            if row_match[i] >= 0:
                column_match[row_match[i]] = i
        limit -= step
