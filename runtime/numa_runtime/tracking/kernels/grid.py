"""Candidate pairs from a spatial grid: exactly the pairs a full matrix would keep, in linear time.

Every column (detection) is entered into the one cell that holds its centre; each row (track) looks into the cells
that its own reach, widened by half the largest column, touches. The few columns much larger than the mean stand in a
list that every row looks at. Cells lie one after the other in memory (a counting sort), so those of one line are read
in one go. What decides here is not arithmetic but guessing: whether two boxes touch is a coin toss to the processor,
so pairs are kept or dropped by counting, without a branch.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.overlap import probabilistic_iou, upright_iou

FEW_PAIRS = 1000  # up to here one cell (the full matrix) is cheaper than a grid
CELL_SIZE = 2.0  # mean box sizes per cell and axis
LARGE = 4.0  # mean box sizes from which a box is in no cell
CELLS_LENGTH = 4  # cells per slot of capacity that there is room for


class Axis(NamedTuple):
    """One axis of the grid: where it begins (pixels), how many cells a pixel is, and how many cells there are."""

    origin: float
    cells_per_pixel: float
    cells: int


@inner
def cell_of(value: float, axis: Axis) -> int:
    """Return the cell that holds `value`, clamped to the grid; NaN goes to cell 0."""
    position = (value - axis.origin) * axis.cells_per_pixel
    position = position if position > 0.0 else 0.0
    return int(position if position < axis.cells - 1 else axis.cells - 1.0)


@inner
def axis_of(first: float, last: float, total: float, n: int) -> Axis:
    """Return the axis for `n` boxes between `first` and `last` whose sizes along it sum up to `total`."""
    size = CELL_SIZE * total / n
    if not (size > 0.0 and last - first < 1e300):
        return Axis(0.0, 0.0, 1)
    count = min((last - first) / size + 1.0, float(n))
    return Axis(first, count / (last - first), int(count))


@inner
def axes_of(columns: Floats, m: int) -> tuple[Axis, Axis, float]:
    """Return the grid's axes along x and y for `m` boxes, and what coordinates of this size may be off by rounding."""
    left, right, wide = columns[0, at.S_X1], columns[0, at.S_X2], 0.0
    top, bottom, tall = columns[0, at.S_Y1], columns[0, at.S_Y2], 0.0
    for j in range(m):
        x1, y1, x2, y2 = columns[j, at.S_X1], columns[j, at.S_Y1], columns[j, at.S_X2], columns[j, at.S_Y2]
        left, right, wide = min(left, x1), max(right, x2), wide + (x2 - x1)
        top, bottom, tall = min(top, y1), max(bottom, y2), tall + (y2 - y1)
    across, down = axis_of(left, right, wide, m), axis_of(top, bottom, tall, m)
    while across.cells * down.cells > 2 * m + 2:
        across = Axis(across.origin, across.cells_per_pixel * 0.5, (across.cells + 1) // 2)
        down = Axis(down.origin, down.cells_per_pixel * 0.5, (down.cells + 1) // 2)
    return across, down, 1e-12 * (abs(left) + abs(right) + abs(top) + abs(bottom))


@inner
def enter_cells(
    columns: Floats, m: int, across: Axis, down: Axis, cells: Ints, lists: Ints
) -> tuple[float, float, int]:
    """Enter `m` columns into the cells of their centres, in order; large ones into L_LARGE instead.

    cells[c] to cells[c + 1] are then the entries of cell c in L_ENTRIES. Returns half the largest width and height in
    the cells, and how many columns are large.
    """
    widest, tallest = inf, inf
    if across.cells_per_pixel > 0.0 and down.cells_per_pixel > 0.0:  # what CELL_SIZE made of the mean sizes
        widest = LARGE / (CELL_SIZE * across.cells_per_pixel)
        tallest = LARGE / (CELL_SIZE * down.cells_per_pixel)
    half_w, half_h, large = 0.0, 0.0, 0
    for cell in range(across.cells * down.cells + 1):
        cells[cell] = 0
    for j in range(m):
        x1, y1, x2, y2 = columns[j, at.S_X1], columns[j, at.S_Y1], columns[j, at.S_X2], columns[j, at.S_Y2]
        w, h = x2 - x1, y2 - y1
        if w > widest or h > tallest:
            lists[at.L_CELL, j], lists[at.L_LARGE, large] = -1, j
            large += 1
            continue
        half_w, half_h = 0.5 * w if 0.5 * w > half_w else half_w, 0.5 * h if 0.5 * h > half_h else half_h
        cell = cell_of(0.5 * (y1 + y2), down) * across.cells + cell_of(0.5 * (x1 + x2), across)
        lists[at.L_CELL, j] = cell
        cells[cell] += 1
    running = 0
    for cell in range(across.cells * down.cells + 1):
        running += cells[cell]
        cells[cell] = running
    for j in range(m - 1, -1, -1):  # backwards, so that a cell lists its columns in order
        cell = lists[at.L_CELL, j]
        if cell >= 0:
            cells[cell] -= 1
            lists[at.L_ENTRIES, cells[cell]] = j
    return half_w, half_h, large


@inner
def cost_of(rows: Floats, i: int, columns: Floats, j: int, fuse: bool, per_class: bool, rotated: bool) -> float:
    """Return 1 - overlap of row `i` and column `j` (times the column's score if `fuse`); inf where they may not match.

    `per_class` forbids pairs of two classes.
    """
    if per_class and rows[i, at.S_CLASS] != columns[j, at.S_CLASS]:
        return inf
    overlap = probabilistic_iou(rows, i, columns, j) if rotated else upright_iou(rows, i, columns, j)
    return float(1.0 - overlap * columns[j, at.S_SCORE] if fuse else 1.0 - overlap)


@inner
def touch(rows: Floats, i: int, columns: Floats, j: int) -> bool:
    """Whether the reaches of row `i` and column `j` overlap; without branches, which no processor could predict."""
    along = (rows[i, at.S_X1] < columns[j, at.S_X2]) & (columns[j, at.S_X1] < rows[i, at.S_X2])
    return bool(along & (rows[i, at.S_Y1] < columns[j, at.S_Y2]) & (columns[j, at.S_Y1] < rows[i, at.S_Y2]))


@inner
def find_pairs(
    shapes: Floats,
    n: int,
    m: int,
    limit: float,
    fuse: bool,
    per_class: bool,
    rotated: bool,
    lists: Ints,
    cells: Ints,
    pair_columns: Ints,
    pair_costs: Floats,
) -> int:
    """Find all pairs of the `n` rows shapes[0] and `m` columns shapes[1] whose cost is below `limit`.

    The cost is that of `cost_of`. Row i's pairs come to lie at lists[L_ROW_START, i] up to i + 1 in pair_columns
    and pair_costs. Returns how many pairs there are; if that is more than `pair_costs` holds, the caller has to
    call again with more room.
    """
    rows, columns, near = shapes[0], shapes[1], lists[at.L_TODO]
    everything = limit > 1.0  # then even boxes that do not touch may match
    grid = n * m > FEW_PAIRS and not everything
    room, found = len(pair_costs), 0
    across, down = Axis(0.0, 0.0, 1), Axis(0.0, 0.0, 1)
    half_w, half_h, large = 0.0, 0.0, m
    if grid:
        across, down, slack = axes_of(columns, m)
        half_w, half_h, large = enter_cells(columns, m, across, down, cells, lists)
        half_w, half_h = half_w + slack, half_h + slack
    lists[at.L_ROW_START, 0] = 0
    for i in range(n):
        count = 0
        if grid:
            left = cell_of(rows[i, at.S_X1] - half_w, across)
            right = cell_of(rows[i, at.S_X2] + half_w, across)
            top = cell_of(rows[i, at.S_Y1] - half_h, down)
            bottom = cell_of(rows[i, at.S_Y2] + half_h, down)
            for line in range(top * across.cells, bottom * across.cells + 1, across.cells):
                for k in range(cells[line + left], cells[line + right + 1]):
                    j = lists[at.L_ENTRIES, k]
                    near[count] = j
                    count += int(touch(rows, i, columns, j))
        for k in range(large):
            j = lists[at.L_LARGE, k] if grid else k
            near[count] = j
            count += int(touch(rows, i, columns, j) | everything)
        for k in range(count):
            j = near[k]
            cost = cost_of(rows, i, columns, j, fuse, per_class, rotated)
            at_most = found if found < room else room - 1
            pair_columns[at_most], pair_costs[at_most] = j, cost
            found += int(cost < limit)
        lists[at.L_ROW_START, i + 1] = found
    return found
