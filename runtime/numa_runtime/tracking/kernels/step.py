"""One frame of ByteTrack in one compiled call: the stage kernels, chained.

The association exists once in the compiled code, inside a loop over the stages: high detections, low
detections, unconfirmed tracks, duplicates. (Three inlined copies took three times as long to compile.)
"""

from __future__ import annotations

import numpy as np

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.association import associate
from numa_runtime.tracking.kernels.detections import first_bad_score, read_detections, split_detections
from numa_runtime.tracking.kernels.inner import entry, inner
from numa_runtime.tracking.kernels.kalman import predict, warp_tracks
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.pools import drop_duplicates, merge_pools, retire
from numa_runtime.tracking.kernels.similarity import is_identity, is_similarity
from numa_runtime.tracking.kernels.stages import (
    apply_matches,
    copy_list,
    keep_tracked,
    mark_lost,
    mark_removed,
    remove_stale,
    split_tracked,
    start_tracks,
)


@inner
def format_tracks(floats: Floats, ints: Ints, slots: Ints, rotated: bool) -> Floats:
    """Return the activated tracks of `slots` as rows: box, id, score, class, index ((m, 8), rotated (m, 9))."""
    n = 0
    for slot in slots:
        n += ints[at.ACTIVATED, slot]
    rows = np.empty((n, 9 if rotated else 8))
    i = 0
    for slot in slots:
        if ints[at.ACTIVATED, slot] == 0:
            continue
        x, y, h = floats[at.X, slot], floats[at.Y, slot], floats[at.H, slot]
        w = floats[at.A, slot] * h
        if rotated:
            rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3] = x, y, w, h
            rows[i, 4] = floats[at.ANGLE, slot]
        else:
            rows[i, 0], rows[i, 1] = x - 0.5 * w, y - 0.5 * h
            rows[i, 2], rows[i, 3] = x + 0.5 * w, y + 0.5 * h
        k = rows.shape[1] - 4
        rows[i, k], rows[i, k + 1] = ints[at.ID, slot], floats[at.SCORE, slot]
        rows[i, k + 2], rows[i, k + 3] = ints[at.CLASS, slot], ints[at.INDEX, slot]
        i += 1
    return rows


@inner
def obstacle(detections: Floats, ints: Ints, coupled: Floats, counters: Ints, warp: Floats) -> int:
    """Return why a step cannot be taken (a code of `layout`), or OK; nothing has been changed then."""
    n, capacity = detections.shape[0], ints.shape[1]
    if n + counters[at.L_TRACKED] + counters[at.L_LOST] + 2 > capacity:
        return at.NEED_CAPACITY
    other_kind = n > 0 and counters[at.C_COLUMNS] != 0 and counters[at.C_COLUMNS] != detections.shape[1]
    if other_kind or detections.shape[1] not in (6, 7):
        return at.BAD_COLUMNS
    counters[at.C_BAD_ROW] = first_bad_score(detections)
    if counters[at.C_BAD_ROW] >= 0:
        return at.BAD_SCORE
    if coupled.shape[1] < capacity and not is_similarity(warp):
        return at.NEED_COUPLED
    return at.OK


@inner
def prepare_stage(
    stage: int, floats: Floats, ints: Ints, measured: Floats, params: Floats, lists: Ints, counters: Ints, clock: float
) -> None:
    """Finish what the association before left open, so that the lists of `stage` are complete."""
    if stage == at.SECOND:
        keep_tracked(ints, lists, counters)
        copy_list(at.L_LEFT, at.L_HIGH, lists, counters)
    elif stage == at.UNCONFIRMED:
        mark_lost(ints, lists[at.L_REST, : counters[at.L_REST]], lists, counters)
    elif stage == at.DUPLICATES:
        mark_removed(ints, lists[at.L_REST, : counters[at.L_REST]], lists, counters)
        start_tracks(floats, ints, measured, lists[at.L_LEFT, : counters[at.L_LEFT]], params, lists, counters, clock)
        remove_stale(floats, ints, params, lists, counters, clock)
        merge_pools(ints, params, lists, counters)


@entry
def step(
    floats: Floats,
    ints: Ints,
    lists: Ints,
    counters: Ints,
    measured: Floats,
    shapes: Floats,
    cells: Ints,
    pair_columns: Ints,
    pair_costs: Floats,
    coupled: Floats,
    params: Floats,
    detections: Floats,
    warp: Floats,
    dt: float,
    clock: float,
) -> tuple[int, Floats]:
    """Take one frame: `detections` (n, 6) or rotated (n, 7), `dt` nominal frames after the last one, at `clock`.

    Returns a code of `layout` and the tracks. NEED_PAIRS comes with valid tracks: there were more candidate
    pairs than room for them, memory was taken on the spot, and the caller should grow it for the next frame.
    """
    code = obstacle(detections, ints, coupled, counters, warp)
    if code != at.OK:
        return code, np.empty((0, 8))
    classic, rotated = params[at.P_CLASSIC] != 0.0, detections.shape[1] == 7
    if detections.shape[0] > 0:
        counters[at.C_COLUMNS] = detections.shape[1]
    else:
        rotated = counters[at.C_COLUMNS] == 7 or (counters[at.C_COLUMNS] == 0 and rotated)
    counters[at.C_FRAME] += 1
    n = read_detections(detections, measured, classic)
    counters[at.C_DROPPED] += detections.shape[0] - n
    split_detections(measured, n, params, lists, counters)
    split_tracked(ints, lists, counters)
    pool = lists[at.L_POOL, : counters[at.L_POOL]]
    predict(floats, ints, coupled, pool, min(dt, at.LONGEST_PREDICTION), not classic)
    if not is_identity(warp):
        warp_tracks(floats, ints, coupled, pool, warp)
        warp_tracks(floats, ints, coupled, lists[at.L_UNCONFIRMED, : counters[at.L_UNCONFIRMED]], warp)
    for stage in range(4):
        prepare_stage(stage, floats, ints, measured, params, lists, counters, clock)
        rows_of, columns_of = at.ROWS_OF_STAGE[stage], at.COLUMNS_OF_STAGE[stage]
        rows, columns = lists[rows_of, : counters[rows_of]], lists[columns_of, : counters[columns_of]]
        limit, fuse = params[at.P_LIMIT + stage], params[at.P_FUSE + stage] != 0.0
        per_class, of_tracks = params[at.P_PER_CLASS] != 0.0, stage == at.DUPLICATES
        while True:
            pairs = associate(
                floats, ints, measured, rows, columns, of_tracks, limit, fuse, per_class, rotated,
                shapes, lists, cells, pair_columns, pair_costs,
            )  # fmt: skip
            if pairs <= len(pair_costs):
                break
            pair_columns, pair_costs, code = np.empty(pairs, np.int64), np.empty(pairs), at.NEED_PAIRS
            counters[at.C_PAIRS] = pairs
        if of_tracks:
            drop_duplicates(ints, params, lists, counters, pair_columns)
        else:
            align = rotated and not classic
            apply_matches(floats, ints, coupled, measured, rows, columns, lists, counters, clock, align)
    if classic:
        retire(ints, lists, counters)
    counters[at.C_ENDED] += counters[at.L_ENDED_SLOT]
    return code, format_tracks(floats, ints, lists[at.L_TRACKED, : counters[at.L_TRACKED]], rotated)
