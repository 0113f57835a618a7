"""One frame of any tracker of the family in one compiled call: the stage kernels, chained.

The association exists once in the compiled code, inside a loop over the stages: high detections, low
detections, what these left of tracks and high detections (recovery), who of the tracks is covered, unconfirmed
tracks, duplicates. (Three inlined copies took three times as long to compile.)
"""

from __future__ import annotations

import numpy as np

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.association import associate
from numa_runtime.tracking.kernels.births import thin_births
from numa_runtime.tracking.kernels.detections import first_bad_score, read_detections, split_detections
from numa_runtime.tracking.kernels.grid import CELLS_LENGTH
from numa_runtime.tracking.kernels.inner import entry, inner, rare
from numa_runtime.tracking.kernels.kalman import predict, warp_tracks
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.memory import float_block, float_line, int_block, shape_block, table_of
from numa_runtime.tracking.kernels.noise import sides
from numa_runtime.tracking.kernels.occlusion import keep_occluded, list_matched, warp_updates
from numa_runtime.tracking.kernels.pools import drop_duplicates, merge_pools, retire
from numa_runtime.tracking.kernels.similarity import is_identity, keeps_decoupled
from numa_runtime.tracking.kernels.stages import (
    apply_matches,
    copy_list,
    keep_high,
    keep_tracked,
    mark_lost,
    mark_removed,
    remove_stale,
    split_tracked,
    start_tracks,
)


@inner
def number_tracks(ints: Ints, slots: Ints, counters: Ints) -> None:
    """Give the activated tracks of `slots` that have no number yet the next ones.

    Apart from `format_tracks`, whose loop would be slower for writing to two blocks.

    Args:
        ints: the tracks' block.
        slots: the tracks that are shown.
        counters: the tracker's; they know the next number.
    """
    for slot in slots:
        if ints[slot, at.ID] == at.UNNUMBERED and ints[slot, at.ACTIVATED] != 0:
            counters[at.C_NEXT_ID] += 1
            ints[slot, at.ID] = counters[at.C_NEXT_ID]


@inner
def format_tracks(floats: Floats, ints: Ints, slots: Ints, rotated: bool, rows: Floats) -> int:
    """Write the activated tracks of `slots` to `rows`: box, id, score, class, index; return how many there are.

    Args:
        floats: the tracks' block.
        ints: the tracks' block.
        slots: the tracks wanted.
        rotated: whether boxes are rotated.
        rows: float64 (capacity, 8), rotated (capacity, 9).
    """
    n = 0
    for slot in slots:
        if ints[slot, at.ACTIVATED] == 0:
            continue
        x, y = floats[slot, at.X], floats[slot, at.Y]
        w, h = sides(ints[slot, at.KIND], floats[slot, at.A], floats[slot, at.H])
        if rotated:
            rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3] = x, y, w, h
            rows[n, 4] = floats[slot, at.ANGLE]
        else:
            rows[n, 0], rows[n, 1] = x - 0.5 * w, y - 0.5 * h
            rows[n, 2], rows[n, 3] = x + 0.5 * w, y + 0.5 * h
        k = rows.shape[1] - 4
        rows[n, k], rows[n, k + 1] = ints[slot, at.ID], floats[slot, at.SCORE]
        rows[n, k + 2], rows[n, k + 3] = ints[slot, at.CLASS], ints[slot, at.INDEX]
        n += 1
    return n


@rare
def report_matched(measured: Floats, rotated: bool, rows: Floats, lists: Ints, counters: Ints) -> None:
    """Put the matched detections' boxes in place of the filters' into the first counters[C_ROWS] of `rows`.

    A row's last column says with which of the caller's rows its track was matched; -1 keeps the filter's box.
    """
    for detection in range(counters[at.C_READ]):
        lists[at.L_TODO, int(measured[detection, at.M_INDEX])] = detection
    last = rows.shape[1] - 1
    for n in range(counters[at.C_ROWS]):
        if rows[n, last] < 0.0:
            continue
        detection = lists[at.L_TODO, int(rows[n, last])]
        if rotated:
            h = measured[detection, at.M_H]
            rows[n, 0], rows[n, 1] = measured[detection, at.M_X], measured[detection, at.M_Y]
            rows[n, 2], rows[n, 3], rows[n, 4] = measured[detection, at.M_A] * h, h, measured[detection, at.M_ANGLE]
        else:
            rows[n, 0], rows[n, 1] = measured[detection, at.M_X1], measured[detection, at.M_Y1]
            rows[n, 2], rows[n, 3] = measured[detection, at.M_X2], measured[detection, at.M_Y2]


@inner
def obstacle(detections: Floats, ints: Ints, coupled: Floats, params: Floats, counters: Ints, warp: Floats) -> int:
    """Return why a step cannot be taken (a code of `layout`), or OK; nothing has been changed then."""
    n, capacity = detections.shape[0], ints.shape[0]
    if n + counters[at.L_TRACKED] + counters[at.L_LOST] + 2 > capacity:
        return at.NEED_CAPACITY
    other_kind = n > 0 and counters[at.C_COLUMNS] != 0 and counters[at.C_COLUMNS] != detections.shape[1]
    if other_kind or detections.shape[1] not in (6, 7):
        return at.BAD_COLUMNS
    counters[at.C_BAD_ROW] = first_bad_score(detections)
    if counters[at.C_BAD_ROW] >= 0:
        return at.BAD_SCORE
    if coupled.shape[0] < capacity and not keeps_decoupled(warp, params[at.P_KIND] == at.XYWH):
        return at.NEED_COUPLED
    return at.OK


@inner
def prepare_stage(
    stage: int, floats: Floats, ints: Ints, coupled: Floats, history: Floats, measured: Floats, features: Floats,
    params: Floats, lists: Ints, counters: Ints, clock: float,
) -> None:  # fmt: skip
    """Finish what the association before left open, so that the lists of `stage` are complete."""
    recovers = params[at.P_LIMIT + at.RECOVERY] >= 0.0
    if stage == at.SECOND:
        copy_list(at.L_LEFT, at.L_HIGH, lists, counters)
        if params[at.P_JOINT] != 0.0:
            keep_high(measured, params, lists, counters)
        if not recovers:  # else lost ones stay in, for both
            keep_tracked(ints, lists, counters)
    elif stage == at.COVERED:
        if recovers:
            copy_list(at.L_LEFT, at.L_HIGH, lists, counters)
            keep_tracked(ints, lists, counters)
        if params[at.P_UPDATES] != 0.0:
            list_matched(ints, lists, counters)
    elif stage == at.UNCONFIRMED:
        mark_lost(ints, lists[at.L_REST, : counters[at.L_REST]], lists, counters)
    elif stage == at.DUPLICATES:
        mark_removed(ints, lists[at.L_REST, : counters[at.L_REST]], lists, counters)
        if params[at.P_BIRTH_IOU] < 1.0 and counters[at.C_COLUMNS] != 7:
            thin_births(floats, ints, measured, params, lists, counters)
        start_tracks(
            floats, ints, coupled, history, measured, features, lists[at.L_LEFT, : counters[at.L_LEFT]],
            params, lists, counters, clock,
        )  # fmt: skip
        remove_stale(floats, ints, history, params, lists, counters, clock)
        merge_pools(ints, params, lists, counters)


@inner
def begin_frame(
    floats: Floats, ints: Ints, lists: Ints, counters: Ints, measured: Floats, coupled: Floats, history: Floats,
    params: Floats, detections: Floats, warp: Floats, dt: float,
) -> bool:  # fmt: skip
    """Read the detections, split them and the tracks, and move the tracks to now; return whether boxes are rotated."""
    classic, rotated = params[at.P_CLASSIC] != 0.0, detections.shape[1] == 7
    if detections.shape[0] > 0:
        counters[at.C_COLUMNS] = detections.shape[1]
    elif counters[at.C_COLUMNS] != 0:
        rotated = counters[at.C_COLUMNS] == 7
    counters[at.C_FRAME] += 1
    n = read_detections(detections, measured, classic)
    counters[at.C_DROPPED] += detections.shape[0] - n
    counters[at.C_READ] = n
    split_detections(measured, n, params, lists, counters)
    split_tracked(ints, params, lists, counters)
    pool = lists[at.L_POOL, : counters[at.L_POOL]]
    unconfirmed = lists[at.L_UNCONFIRMED, : counters[at.L_UNCONFIRMED]]
    moving, still_camera = True, is_identity(warp)
    for slots in (pool, unconfirmed):
        if moving:
            predict(floats, ints, coupled, slots, min(dt, at.LONGEST_PREDICTION), not classic)
        if not still_camera:
            warp_tracks(floats, ints, coupled, history, slots, warp, int(params[at.P_DELTA_T]))
            if params[at.P_UPDATES] != 0.0:
                warp_updates(ints, history, slots, warp, int(params[at.P_UPDATES]))
        moving = params[at.P_MIN_HITS] > 1.0  # else the unconfirmed were seen once, and stand still
    return bool(rotated)


@inner
def run_stages(
    floats: Floats, ints: Ints, lists: Ints, counters: Ints, measured: Floats, shapes: Floats, cells: Ints,
    pair_columns: Ints, pair_costs: Floats, coupled: Floats, history: Floats, features: Floats, params: Floats,
    rotated: bool, clock: float,
) -> int:  # fmt: skip
    """Associate stage by stage and rebuild the pools; return OK, or NEED_PAIRS if memory was taken on the spot."""
    code, classic = at.OK, params[at.P_CLASSIC] != 0.0
    for stage in range(at.N_STAGES):
        prepare_stage(
            stage, floats, ints, coupled, history, measured, features, params, lists, counters, clock
        )  # fmt: skip
        if params[at.P_LIMIT + stage] < 0.0 and stage != at.UNCONFIRMED:  # that one passes on what is left, in any case
            continue
        rows_of, columns_of = at.ROWS_OF_STAGE[stage], at.COLUMNS_OF_STAGE[stage]
        # Rows are tracks; columns are detections, and only among the covered and duplicates tracks too.
        slots, others = lists[rows_of, : counters[rows_of]], lists[columns_of, : counters[columns_of]]
        while True:
            pairs = associate(
                floats, ints, coupled, history, measured, features, params, stage, counters[at.C_FRAME], clock, slots,
                others, rotated, shapes, lists, cells, pair_columns, pair_costs,
            )  # fmt: skip
            if pairs <= len(pair_costs):
                break
            pair_columns, pair_costs, code = np.empty(pairs, np.int64), np.empty(pairs), at.NEED_PAIRS
            counters[at.C_PAIRS] = pairs
        if stage == at.COVERED:
            keep_occluded(floats, ints, history, params, shapes, lists, counters, pair_columns, clock)
        elif stage == at.DUPLICATES:
            drop_duplicates(ints, params, lists, counters, pair_columns)
        else:
            align = rotated and not classic
            apply_matches(
                floats, ints, coupled, history, measured, features, params,
                slots, others, lists, counters, clock, align,
            )  # fmt: skip
    if classic:
        retire(ints, lists, counters)
    counters[at.C_ENDED] += counters[at.L_ENDED_SLOT]
    return code


@entry
def step(address: int, detections: Floats, warp: Floats, dt: float, clock: float) -> int:
    """Take one frame: `detections` (n, 6) or rotated (n, 7), `dt` nominal frames after the last one, at `clock`.

    `address` is that of the table (`layout`) of a state. Returns how many tracks there are; they stand in the
    state's rows. A negative number is a code of `layout`. NEED_PAIRS comes with valid tracks, counters[C_ROWS] of
    them: there were more candidate pairs than room, memory was taken on the spot, and the caller should grow it
    for the next frame.
    """
    table = table_of(address, at.N_TABLE)
    capacity, pair_room = table[at.T_CAPACITY], table[at.T_PAIRS]
    floats = float_block(table[at.T_FLOATS], capacity, at.N_FLOATS)
    ints = int_block(table[at.T_INTS], capacity, at.N_INTS)
    lists = int_block(table[at.T_LISTS], at.N_LISTS, capacity)
    counters = table_of(table[at.T_COUNTERS], at.N_COUNTERS)
    measured = float_block(table[at.T_MEASURED], capacity, at.N_MEASURED)
    shapes = shape_block(table[at.T_SHAPES], capacity, at.N_SHAPES)
    cells = table_of(table[at.T_CELLS], CELLS_LENGTH * capacity)
    pair_columns = table_of(table[at.T_PAIR_COLUMNS], pair_room)
    pair_costs = float_line(table[at.T_PAIR_COSTS], pair_room)
    coupled = float_block(table[at.T_COUPLED], table[at.T_COUPLED_SLOTS], at.N_COUPLED)
    params = float_line(table[at.T_PARAMS], at.N_PARAMS)
    history = float_block(table[at.T_HISTORY], table[at.T_HISTORY_SLOTS], table[at.T_HISTORY_WIDTH])
    features = float_block(table[at.T_FEATURES], table[at.T_FEATURE_ROWS], table[at.T_FEATURE_WIDTH])
    code = obstacle(detections, ints, coupled, params, counters, warp)
    if code != at.OK:
        return code
    rotated = begin_frame(floats, ints, lists, counters, measured, coupled, history, params, detections, warp, dt)
    code = run_stages(
        floats,
        ints,
        lists,
        counters,
        measured,
        shapes,
        cells,
        pair_columns,
        pair_costs,
        coupled,
        history,
        features,
        params,
        rotated,
        clock,
    )
    tracked = lists[at.L_TRACKED, : counters[at.L_TRACKED]]
    rows = float_block(table[at.T_ROWS], capacity, at.ROTATED if rotated else at.UPRIGHT)
    number_tracks(ints, tracked, counters)
    counters[at.C_ROWS] = format_tracks(floats, ints, tracked, rotated, rows)
    if params[at.P_MATCHED] != 0.0:
        report_matched(measured, rotated, rows, lists, counters)
    return code if code != at.OK else int(counters[at.C_ROWS])
