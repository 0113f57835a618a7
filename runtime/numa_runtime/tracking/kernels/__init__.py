"""The tracker's kernels: the one implementation of every stage (numba, nopython, cached).

`step.step` chains all stages in one compiled call; `single` offers each of them to Python, compiled at its
first call. They work on the blocks of `numa_runtime.tracking.state.State`, under the same names (`layout` says what
stands in them). A track is a slot: a row of floats, ints, coupled and history. A detection is a row of measured.
`slots` and `detections` are int64 arrays of them. A list is a row of lists, as long as counters says at the same
index. Association has rows (tracks) and columns (detections), those of its cost matrix. Nothing grows
in here: before a frame `state.make_room(alive + detections + 2)`, before a warp that is no similarity
`state.make_coupled()`.

The blocks are passed one by one: as one NamedTuple they made the cold compile and small updates slower by more than
the shorter signatures are worth (tried with numba 0.68).

One frame, stage by stage, is what `step` does:

    counters[C_FRAME] += 1
    n = read_detections(detections, measured, keep_degenerate)    detections float64 (n, 6) or (n, 7)
    split_detections(measured, n, params, lists, counters)        -> L_HIGH, L_LOW
    split_tracked(ints, params, lists, counters)                  -> L_POOL, L_UNCONFIRMED; empties the frame's lists
    predict(floats, ints, coupled, slots, dt, keep_positive)
    warp_tracks(floats, ints, coupled, history, slots, warp, delta_t)      warp float64 (2, 3)
    associate(floats, ints, coupled, history, measured, features, params, stage, frame, clock, slots, detections,
              rotated, shapes, lists, cells, pair_columns, pair_costs)
                                                                  -> L_ROW_MATCH, L_COL_MATCH (-1: none); returns pairs:
                                                                  more than pair_costs holds: make_room_for_pairs, again
        or, from costs made elsewhere: assign_dense(costs, limit) -> (column of each row, row of each column)
    apply_matches(floats, ints, coupled, history, measured, features, params, slots, detections, lists, counters,
                  clock, align)                                   -> L_REFOUND +=, L_REST, L_LEFT (unmatched, in order)
        or one by one: apply_match(..., params, slot, detection, frame, clock, align) -> found again?
    keep_tracked(ints, lists, counters)                           L_REST without lost tracks: rows of the second stage
    associate(... stage COVERED: L_REST, L_MATCHED ...)           pairs only
    keep_occluded(floats, ints, history, params, shapes, lists, counters, pair_columns, clock)
                                                                  L_REST without who goes on unseen
    mark_lost(ints, slots, lists, counters)                       -> L_NEWLY_LOST +=
    mark_removed(ints, slots, lists, counters)                    -> L_ENDED_SLOT, L_ENDED_ID +=
    start_tracks(floats, ints, coupled, history, measured, features, detections, params, lists, counters, clock)
                                                                  -> L_BORN +=
    remove_stale(floats, ints, history, params, lists, counters, clock)
                                                                  -> L_ENDED_SLOT, L_ENDED_ID +=
    merge_pools(ints, params, lists, counters)                    -> L_TRACKED, L_LOST; frees slots
    associate(... stage DUPLICATES: L_TRACKED, L_LOST ...)        pairs only
    drop_duplicates(ints, params, lists, counters, pair_columns)  -> L_TRACKED, L_LOST; frees slots
    retire(ints, lists, counters)                                 classic only
    number_tracks(ints, slots, counters)                          ids of what is shown for the first time
    format_tracks(floats, ints, slots, rotated, rows)             -> rows (m, 8) or (m, 9)

Below the stages: initiate, correct (one slot's filter), shape_tracks, shape_detections, find_pairs, solve.
"""
