"""The pools of tracked and lost tracks: join, subtract, duplicates, and the classic removed list."""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.stages import end_track


@inner
def release(ints: Ints, slot: int, lists: Ints, counters: Ints) -> None:
    """Give a slot back: its track is in no pool any more."""
    ints[slot, at.POOL] = at.IN_NONE
    lists[at.L_FREE, counters[at.L_FREE]] = slot
    counters[at.L_FREE] += 1


@inner
def join(ints: Ints, source: int, target: int, mark: int, lists: Ints, counters: Ints) -> None:
    """Append list `source` to pool `target`, without what is already in it."""
    for i in range(counters[source]):
        slot = lists[source, i]
        if ints[slot, at.POOL] != mark:
            ints[slot, at.POOL] = mark
            lists[target, counters[target]] = slot
            counters[target] += 1


@inner
def merge_pools(ints: Ints, params: Floats, lists: Ints, counters: Ints) -> None:
    """Rebuild L_TRACKED and L_LOST after the associations.

    Tracked: those still Tracked, then born, then found again. Lost: those lost before and not found again,
    then the newly lost. Ours drops Removed tracks at once; the classic rule subtracts the removed of earlier
    frames only, so a track removed now stays one frame longer and may come back.
    """
    classic = params[at.P_CLASSIC] != 0.0
    kept = 0
    for i in range(counters[at.L_TRACKED]):
        slot = lists[at.L_TRACKED, i]
        if ints[slot, at.STATE] == at.TRACKED:
            lists[at.L_TRACKED, kept], ints[slot, at.POOL] = slot, at.IN_TRACKED
            kept += 1
        elif ints[slot, at.STATE] == at.REMOVED:
            release(ints, slot, lists, counters)
    counters[at.L_TRACKED] = kept
    join(ints, at.L_BORN, at.L_TRACKED, at.IN_TRACKED, lists, counters)
    join(ints, at.L_REFOUND, at.L_TRACKED, at.IN_TRACKED, lists, counters)
    before = counters[at.L_LOST]
    for i in range(counters[at.L_NEWLY_LOST]):
        lists[at.L_LOST, before + i] = lists[at.L_NEWLY_LOST, i]
    kept = 0
    for i in range(before + counters[at.L_NEWLY_LOST]):
        slot = lists[at.L_LOST, i]
        if i < before and ints[slot, at.POOL] == at.IN_TRACKED:
            continue
        if (classic and ints[slot, at.RETIRED] > 0) or (not classic and ints[slot, at.STATE] == at.REMOVED):
            release(ints, slot, lists, counters)
            continue
        lists[at.L_LOST, kept], ints[slot, at.POOL] = slot, at.IN_LOST
        kept += 1
    counters[at.L_LOST] = kept


@inner
def drop_duplicates(ints: Ints, params: Floats, lists: Ints, counters: Ints, pair_columns: Ints) -> None:
    """Of each pair (row of L_TRACKED, column of L_LOST) that overlaps too much, drop the one that lived shorter.

    On a tie the tracked one goes. The pairs are those of the last `find_pairs`; all are judged before any goes.
    """
    n = counters[at.L_TRACKED]
    if lists[at.L_ROW_START, n] == 0:
        return
    for i in range(n):
        tracked = lists[at.L_TRACKED, i]
        for k in range(lists[at.L_ROW_START, i], lists[at.L_ROW_START, i + 1]):
            lost = lists[at.L_LOST, pair_columns[k]]
            lived = ints[tracked, at.FRAME] - ints[tracked, at.START]
            goes = lost if lived > ints[lost, at.FRAME] - ints[lost, at.START] else tracked
            ints[goes, at.POOL] = at.IN_NONE
    drop_unmarked(ints, params, at.L_TRACKED, lists, counters)
    drop_unmarked(ints, params, at.L_LOST, lists, counters)


@rare
def drop_unmarked(ints: Ints, params: Floats, pool: int, lists: Ints, counters: Ints) -> None:
    """Remove from list `pool` the tracks whose POOL mark was taken away; ours notes that they ended."""
    kept = 0
    for i in range(counters[pool]):
        slot = lists[pool, i]
        if ints[slot, at.POOL] != at.IN_NONE:
            lists[pool, kept] = slot
            kept += 1
            continue
        if params[at.P_CLASSIC] == 0.0:
            end_track(ints, slot, lists, counters)
        release(ints, slot, lists, counters)
    counters[pool] = kept


@rare
def retire(ints: Ints, lists: Ints, counters: Ints) -> None:
    """Append this frame's removed tracks to the classic removed list, which keeps its last 1,000 entries."""
    for i in range(counters[at.L_ENDED_SLOT]):
        head = counters[at.C_RING_HEAD]
        place = at.C_RING + head
        slot, track_id = counters[place], counters[place + at.RING_LENGTH]
        if track_id > 0 and ints[slot, at.ID] == track_id:
            ints[slot, at.RETIRED] -= 1
        slot, track_id = lists[at.L_ENDED_SLOT, i], lists[at.L_ENDED_ID, i]
        counters[place], counters[place + at.RING_LENGTH] = slot, track_id
        if ints[slot, at.ID] == track_id:
            ints[slot, at.RETIRED] += 1
        counters[at.C_RING_HEAD] = (head + 1) % at.RING_LENGTH
