"""Candidate pairs from a spatial grid: exactly the pairs a full matrix would keep, in linear time.

Every column (detection) is entered into all cells its reach touches, each row (track) looks into the cells
its own reach touches. Cells lie one after the other in memory (a counting sort), so those of one line are read in
one go; a column met again is known by its mark. What decides here is not arithmetic but guessing: whether two boxes
touch is a coin toss to the processor, so pairs are kept or dropped by counting, without a branch.
"""

from __future__ import annotations

from math import inf

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.overlap import probabilistic_iou, upright_iou

FEW_PAIRS = 1000  # up to here one cell (the full matrix) is cheaper than a grid
CELL_SIZE = 3.0  # mean box sizes per cell and axis: few entries per box, few boxes per cell
CELLS_PER_CAPACITY, ENTRIES_PER_CAPACITY = 4, 8
CELLS_LENGTH = CELLS_PER_CAPACITY + ENTRIES_PER_CAPACITY + 1  # numbers per slot of capacity in `cells`


@inner
def cell_of(value: float, origin: float, per_pixel: float, count: int) -> int:
    """Return the cell that holds `value`, clamped to the grid; NaN goes to cell 0."""
    position = (value - origin) * per_pixel
    position = position if position > 0.0 else 0.0
    return int(position if position < count - 1 else count - 1.0)


@inner
def axis_of(first: float, last: float, total: float, n: int) -> tuple[float, float, int]:
    """Return origin, cells per pixel and number of cells along one axis.

    `first` and `last` bound the `n` boxes, `total` is the sum of their sizes.
    """
    size = CELL_SIZE * total / n
    if not (size > 0.0 and last - first < 1e300):
        return 0.0, 0.0, 1
    count = min((last - first) / size + 1.0, float(n))
    return first, count / (last - first), int(count)


@inner
def axes_of(columns: Floats, m: int) -> tuple[float, float, int, float, float, int]:
    """Return origin, cells per pixel and number of cells along x, then along y, for `m` boxes."""
    left, right, wide = columns[0, at.S_X1], columns[0, at.S_X2], 0.0
    top, bottom, tall = columns[0, at.S_Y1], columns[0, at.S_Y2], 0.0
    for j in range(m):
        x1, y1, x2, y2 = columns[j, at.S_X1], columns[j, at.S_Y1], columns[j, at.S_X2], columns[j, at.S_Y2]
        left, right, wide = min(left, x1), max(right, x2), wide + (x2 - x1)
        top, bottom, tall = min(top, y1), max(bottom, y2), tall + (y2 - y1)
    x0, fx, nx = axis_of(left, right, wide, m)
    y0, fy, ny = axis_of(top, bottom, tall, m)
    return x0, fx, nx, y0, fy, ny


@inner
def fill_cells(m: int, nx: int, n_cells: int, cells: Ints, lists: Ints) -> None:
    """Enter `m` columns into the cells of their ranges (L_CELL_ lists): a counting sort, in order."""
    for cell in range(n_cells + 1):
        cells[cell] = 0
    for j in range(m):
        for cy in range(lists[at.L_CELL_Y0, j], lists[at.L_CELL_Y1, j] + 1):
            for cx in range(lists[at.L_CELL_X0, j], lists[at.L_CELL_X1, j] + 1):
                cells[cy * nx + cx] += 1
    running = CELLS_PER_CAPACITY * lists.shape[1]  # where the entries begin
    for cell in range(n_cells + 1):
        running += cells[cell]
        cells[cell] = running
    for j in range(m - 1, -1, -1):  # backwards, so that a cell lists its columns in order
        for cy in range(lists[at.L_CELL_Y0, j], lists[at.L_CELL_Y1, j] + 1):
            for cx in range(lists[at.L_CELL_X0, j], lists[at.L_CELL_X1, j] + 1):
                cells[cy * nx + cx] -= 1
                cells[cells[cy * nx + cx]] = j


@inner
def build_grid(columns: Floats, m: int, cells: Ints, lists: Ints) -> tuple[float, float, int, float, float, int]:
    """Sort `m` columns into cells; return origin, cells per pixel and count along x, then along y.

    `cells` holds the start of each cell's entries, then the entries. Boxes too large for their cells make the
    cells grow until the entries fit; one cell holding everything always fits.
    """
    x0, fx, nx, y0, fy, ny = axes_of(columns, m)
    while nx * ny > 2 * m + 2:
        nx, fx, ny, fy = (nx + 1) // 2, fx * 0.5, (ny + 1) // 2, fy * 0.5
    while True:
        entries = 0
        for j in range(m):
            lists[at.L_CELL_X0, j] = cell_of(columns[j, at.S_X1], x0, fx, nx)
            lists[at.L_CELL_X1, j] = cell_of(columns[j, at.S_X2], x0, fx, nx)
            lists[at.L_CELL_Y0, j] = cell_of(columns[j, at.S_Y1], y0, fy, ny)
            lists[at.L_CELL_Y1, j] = cell_of(columns[j, at.S_Y2], y0, fy, ny)
            wide = lists[at.L_CELL_X1, j] - lists[at.L_CELL_X0, j] + 1
            entries += wide * (lists[at.L_CELL_Y1, j] - lists[at.L_CELL_Y0, j] + 1)
        if entries <= ENTRIES_PER_CAPACITY * m or nx * ny == 1:
            break
        nx, fx, ny, fy = (nx + 1) // 2, fx * 0.5, (ny + 1) // 2, fy * 0.5
    fill_cells(m, nx, nx * ny, cells, lists)
    return x0, fx, nx, y0, fy, ny


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
    """Whether the reaches of row `i` and column `j` overlap; without branches, which nobody could predict."""
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
    rows, columns, near, seen_by = shapes[0], shapes[1], lists[at.L_TODO], lists[at.L_SETTLED]
    everything = limit > 1.0  # then even boxes that do not touch may match
    grid = n * m > FEW_PAIRS and not everything
    room, found = len(pair_costs), 0
    x0, fx, nx, y0, fy, ny = 0.0, 0.0, 1, 0.0, 0.0, 1
    if grid:
        x0, fx, nx, y0, fy, ny = build_grid(columns, m, cells, lists)
    for j in range(m):
        seen_by[j] = -1
    lists[at.L_ROW_START, 0] = 0
    for i in range(n):
        top, bottom, first, last, count = 0, 0, 0, m, 0
        left, right = cell_of(rows[i, at.S_X1], x0, fx, nx), cell_of(rows[i, at.S_X2], x0, fx, nx)
        if grid:
            top, bottom = cell_of(rows[i, at.S_Y1], y0, fy, ny), cell_of(rows[i, at.S_Y2], y0, fy, ny)
        for cy in range(top, bottom + 1):
            if grid:
                first, last = cells[cy * nx + left], cells[cy * nx + right + 1]
            for k in range(first, last):
                j = cells[k] if grid else k
                is_near = int((touch(rows, i, columns, j) | everything) & (seen_by[j] != i))
                near[count] = j
                count += is_near
                seen_by[j] = i if is_near else seen_by[j]
        for k in range(count):
            j = near[k]
            cost = cost_of(rows, i, columns, j, fuse, per_class, rotated)
            at_most = found if found < room else room - 1
            pair_columns[at_most], pair_costs[at_most] = j, cost
            found += int(cost < limit)
        lists[at.L_ROW_START, i + 1] = found
    return found
