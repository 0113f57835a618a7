"""One association: tracks with detections (or with tracks), from boxes to matches."""

from __future__ import annotations

from numa_runtime.tracking.kernels.assignment import solve
from numa_runtime.tracking.kernels.grid import find_pairs
from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.overlap import shape_detections, shape_tracks


@inner
def associate(
    floats: Floats,
    ints: Ints,
    measured: Floats,
    rows: Ints,
    columns: Ints,
    of_tracks: bool,
    limit: float,
    fuse: bool,
    per_class: bool,
    rotated: bool,
    shapes: Floats,
    lists: Ints,
    cells: Ints,
    pair_columns: Ints,
    pair_costs: Floats,
) -> int:
    """Associate the tracks in slots `rows` with the detections `columns` of `measured` below cost `limit`.

    cost = 1 - IoU (probabilistic IoU if `rotated`), or 1 - IoU * score if `fuse`. Matches are written to
    lists[L_ROW_MATCH] and lists[L_COL_MATCH], -1 where there is none. With `of_tracks`, `columns` are slots
    too and the pairs are found but not matched.

    Returns the number of candidate pairs. If it exceeds len(pair_costs) nothing was matched: call again with
    larger `pair_columns` and `pair_costs`.
    """
    n, m = len(rows), len(columns)
    if n > 0 and m > 0:
        shape_tracks(floats, ints, rows, shapes[0], rotated, limit)
        if of_tracks:
            shape_tracks(floats, ints, columns, shapes[1], rotated, limit)
        else:
            shape_detections(measured, columns, shapes[1], rotated, limit)
    pairs = find_pairs(shapes, n, m, limit, fuse, per_class, rotated, lists, cells, pair_columns, pair_costs)
    if pairs <= len(pair_costs) and not of_tracks:
        solve(n, m, limit, shapes, lists, pair_columns, pair_costs)
    return pairs
