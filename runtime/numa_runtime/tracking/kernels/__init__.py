"""The tracker's kernels: the one implementation of every stage (numba, nopython, cached).

`step.step` chains all stages in one compiled call; `single` offers each of them to Python, compiled at its
first call. They work on the blocks of `numa_runtime.tracking.state.State` (rows: `layout`), here written

    f = state.floats   i = state.ints   l = state.lists   c = state.counters   m = state.measured
    w = state.coupled  p = state.params  s = state.shapes    y = state.history  z = state.features

Tracks are named by slot (a column of f and i), detections by column of m; `slots` and `columns` are int64
arrays. A list of `lists` (l) is one of its rows, as long as `counters` says at the same index. Nothing grows
in here: before a frame `state.make_room(alive + detections + 2)`, before a warp that is no similarity
`state.make_coupled()`.

One frame, stage by stage, is what `step` does:

    c[C_FRAME] += 1
    n = read_detections(detections, m, keep_degenerate)           detections float64 (n, 6) or (n, 7)
    split_detections(m, n, p, l, c)                               -> L_HIGH, L_LOW
    split_tracked(i, p, l, c)                                       -> L_POOL, L_UNCONFIRMED; empties the frame's lists
    predict(f, i, w, slots, dt, keep_positive)
    warp_tracks(f, i, w, y, slots, warp, delta_t)                 warp float64 (2, 3)
    associate(f, i, y, m, z, p, stage, frame, slots, columns, rotated,
              s, l, state.cells, state.pair_columns, state.pair_costs)
                                                                  -> L_ROW_MATCH, L_COL_MATCH (-1: none); returns pairs:
                                                                  more than pair_costs holds: make_room_for_pairs, again
        or, from costs made elsewhere: assign_dense(costs, limit) -> (column of each row, row of each column)
    apply_matches(f, i, w, y, m, z, p, slots, columns, l, c, clock, align)
                                                                  -> L_REFOUND +=, L_REST, L_LEFT (unmatched, in order)
        or one by one: apply_match(f, i, w, y, m, z, p, slot, column, frame, clock, align) -> found again?
    keep_tracked(i, l, c)                                         L_REST without lost tracks: rows of the second stage
    mark_lost(i, slots, l, c)                                     -> L_NEWLY_LOST +=
    mark_removed(i, slots, l, c)                                  -> L_ENDED_SLOT, L_ENDED_ID +=
    start_tracks(f, i, w, y, m, z, columns, p, l, c, clock)       -> L_BORN +=
    remove_stale(f, i, p, l, c, clock)                            -> L_ENDED_SLOT, L_ENDED_ID +=
    merge_pools(i, p, l, c)                                       -> L_TRACKED, L_LOST; frees slots
    associate(... stage DUPLICATES: L_TRACKED, L_LOST ...)        pairs only
    drop_duplicates(i, p, l, c, state.pair_columns)               -> L_TRACKED, L_LOST; frees slots
    retire(i, l, c)                                               classic only
    format_tracks(f, i, slots, rotated)                           -> float64 (m, 8) or (m, 9)

Below the stages: initiate, correct (one slot's filter), shape_tracks, shape_detections, find_pairs, solve.
"""
