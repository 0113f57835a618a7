"""The limited linear assignment, solved on the candidate pairs only.

With a cost limit, leaving a row and a column alone costs half the limit each, so the optimum maximises the
sum of (limit - cost) over matched pairs and splits into the connected components of the pairs below the
limit. Shortest augmenting paths (Jonker & Volgenant 1987; Crouse 2016, "On implementing 2D rectangular
assignment algorithms") never leave a component, so the components need not be built: a row alone with its
columns is done when its cheapest column is free, and only contested rows search a path.
"""

from __future__ import annotations

from math import inf

import numpy as np

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints


@inner
def take_cheapest(
    n: int, m: int, limit: float, shapes: Floats, lists: Ints, pair_columns: Ints, pair_costs: Floats
) -> int:
    """Give each row its cheapest column while that is free; return how many rows are left waiting.

    Leaves valid dual variables: the row's is its smallest (cost - limit), the columns' are 0.
    """
    waiting = 0
    for j in range(m):
        lists[at.L_COL_MATCH, j] = -1
        shapes[1, j, at.S_DUAL] = 0.0
        shapes[1, j, at.S_DISTANCE] = inf
        lists[at.L_SETTLED, j] = 0
    for i in range(n):
        lists[at.L_ROW_MATCH, i] = -1
        best, best_column = 0.0, -1
        for k in range(lists[at.L_ROW_START, i], lists[at.L_ROW_START, i + 1]):
            j, value = pair_columns[k], pair_costs[k] - limit
            if value < best or (value == best and j < best_column):
                best, best_column = value, j
        shapes[0, i, at.S_DUAL] = best
        if best_column < 0:
            continue
        if lists[at.L_COL_MATCH, best_column] < 0:
            lists[at.L_ROW_MATCH, i], lists[at.L_COL_MATCH, best_column] = best_column, i
        else:
            lists[at.L_WAITING, waiting] = i
            waiting += 1
    return waiting


@inner
def search(
    start: int, limit: float, shapes: Floats, lists: Ints, pair_columns: Ints, pair_costs: Floats
) -> tuple[int, int, float, int, int]:
    """Search the cheapest path from row `start` to a free column, or to a row that had better be alone.

    Dijkstra over reduced costs. Every row has a column of its own for being alone, at value 0 and dual 0.
    Returns the free column (-1: none), the row to leave alone, the path's length, and how many columns of
    L_TODO are settled and touched.
    """
    rows, columns = shapes[0], shapes[1]
    todo, settled, row_start = lists[at.L_TODO], lists[at.L_SETTLED], lists[at.L_ROW_START]
    touched, done = 0, 0
    i, length = start, 0.0
    alone_length, alone_row = inf, -1
    while True:
        if length - rows[i, at.S_DUAL] < alone_length:
            alone_length, alone_row = length - rows[i, at.S_DUAL], i
        for k in range(row_start[i], row_start[i + 1]):
            j = pair_columns[k]
            reached = length + pair_costs[k] - limit - rows[i, at.S_DUAL] - columns[j, at.S_DUAL]
            if reached < columns[j, at.S_DISTANCE] and settled[j] == 0:  # rounding must not reopen a settled column
                if columns[j, at.S_DISTANCE] == inf:
                    todo[touched] = j
                    touched += 1
                columns[j, at.S_DISTANCE], lists[at.L_FROM, j] = reached, i
        nearest, where = inf, -1
        for k in range(done, touched):
            if columns[todo[k], at.S_DISTANCE] < nearest:
                nearest, where = columns[todo[k], at.S_DISTANCE], k
        if where < 0 or alone_length <= nearest:
            return -1, alone_row, alone_length, done, touched
        length, sink = nearest, todo[where]
        todo[where], todo[done] = todo[done], sink
        done += 1
        settled[sink] = 1
        i = lists[at.L_COL_MATCH, sink]
        if i < 0:
            return sink, -1, length, done, touched


@rare
def augment(start: int, limit: float, shapes: Floats, lists: Ints, pair_columns: Ints, pair_costs: Floats) -> None:
    """Place row `start` by the cheapest path, moving others along it, or leave some row alone."""
    rows, columns = shapes[0], shapes[1]
    row_match, column_match, todo = lists[at.L_ROW_MATCH], lists[at.L_COL_MATCH], lists[at.L_TODO]
    sink, alone_row, length, done, touched = search(start, limit, shapes, lists, pair_columns, pair_costs)
    rows[start, at.S_DUAL] += length
    for k in range(touched):
        j = todo[k]
        if k < done:
            if column_match[j] >= 0:
                rows[column_match[j], at.S_DUAL] += length - columns[j, at.S_DISTANCE]
            columns[j, at.S_DUAL] -= length - columns[j, at.S_DISTANCE]
        columns[j, at.S_DISTANCE] = inf
        lists[at.L_SETTLED, j] = 0
    if alone_row == start:
        return
    if sink < 0:
        sink, row_match[alone_row] = row_match[alone_row], -1
    while True:
        i = lists[at.L_FROM, sink]
        column_match[sink] = i
        row_match[i], sink = sink, row_match[i]
        if i == start:
            return


@inner
def solve(n: int, m: int, limit: float, shapes: Floats, lists: Ints, pair_columns: Ints, pair_costs: Floats) -> None:
    """Match `n` rows and `m` columns optimally under `limit`; pairs as `find_pairs` lays them out.

    Writes lists[L_ROW_MATCH, :n] and lists[L_COL_MATCH, :m], -1 where unmatched.
    """
    waiting = take_cheapest(n, m, limit, shapes, lists, pair_columns, pair_costs)
    for k in range(waiting):
        augment(lists[at.L_WAITING, k], limit, shapes, lists, pair_columns, pair_costs)


@inner
def assign_dense(costs: Floats, limit: float) -> tuple[Ints, Ints]:
    """Match the rows and columns of a full cost matrix (n, m) under `limit`; for costs made elsewhere.

    Returns the row's column (n,) and the column's row (m,), -1 where unmatched. NaN costs never match.
    """
    n, m = costs.shape
    width = max(n, m) + 1
    shapes = np.empty((2, width, at.N_SHAPES))
    lists = np.empty((at.N_LISTS, width), np.int64)
    pair_columns, pair_costs = np.empty(n * m, np.int64), np.empty(n * m)
    found = 0
    lists[at.L_ROW_START, 0] = 0
    for i in range(n):
        for j in range(m):
            if costs[i, j] < limit:
                pair_columns[found], pair_costs[found] = j, costs[i, j]
                found += 1
        lists[at.L_ROW_START, i + 1] = found
    solve(n, m, limit, shapes, lists, pair_columns, pair_costs)
    return lists[at.L_ROW_MATCH, :n].copy(), lists[at.L_COL_MATCH, :m].copy()
