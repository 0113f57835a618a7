"""The end of a frame: the pools are rebuilt from what happened to the tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.objects.cells import TrackState
from numa_runtime.tracking.objects.distances import find_pairs
from numa_runtime.tracking.objects.store import Store
from numa_runtime.tracking.objects.strack import STrack

KEPT_REMOVED = 1000
Tracks = Sequence[STrack]


class HoldsTracks(Protocol):
    """What a merge needs of a tracker: its lists, and how it joins and subtracts them."""

    @property
    def _store(self) -> Store: ...
    @property
    def merges_lists(self) -> bool: ...
    @property
    def tracked_stracks(self) -> list[STrack]: ...
    @property
    def lost_stracks(self) -> list[STrack]: ...
    @property
    def removed_stracks(self) -> list[STrack]: ...

    def joint_stracks(self, first: Tracks, second: Tracks, /) -> list[STrack]: ...
    def sub_stracks(self, tracks: Tracks, without: Tracks, /) -> list[STrack]: ...
    def remove_duplicate_stracks(self, first: Tracks, second: Tracks, /) -> tuple[list[STrack], list[STrack]]: ...


def merge_track_pools(
    tracker: HoldsTracks,
    activated: Tracks,
    refind: Tracks,
    lost: Tracks,
    removed: Tracks,
    removed_buffer: int = KEPT_REMOVED,
) -> None:
    """Rebuild the tracker's three lists.

    Tracked: those still Tracked, then `activated`, then `refind`. Lost: those lost before and not tracked now,
    then `lost`. Duplicates between the two go.

    Args:
        tracker: whose lists are rebuilt.
        activated: tracks that began or went on in this frame.
        refind: lost tracks that were found again.
        lost: tracks that were lost in this frame.
        removed: join removed_stracks.
        removed_buffer: removed_stracks keeps so many of the last.
    """
    store = tracker._store
    store.commit()
    if tracker.merges_lists:
        ended = _merge_lists(tracker, activated, refind, lost, removed)
    else:
        ended = _merge_slots(store, activated, refind, lost, removed)
    tracker.removed_stracks.extend(ended)
    del tracker.removed_stracks[: -removed_buffer or None]


def _merge_slots(store: Store, *stages: Tracks) -> list[STrack]:
    """Merge by the core's kernels."""
    activated, refind, lost, ended = (store.slots(stage) for stage in stages)
    state, ints = store.state, store.ints  # only now: admitting a track may grow the blocks
    store.write(at.L_BORN, activated)
    store.write(at.L_REFOUND, refind)
    store.write(at.L_NEWLY_LOST, [slot for slot in lost if ints[slot, at.POOL] != at.IN_LOST])
    store.write(at.L_ENDED_SLOT, ended)
    state.lists[at.L_ENDED_ID, : len(ended)] = ints[ended, at.ID]
    params, lists, counters = state.params, state.lists, state.counters
    single.merge_pools(ints, params, lists, counters)
    tracked, gone = ([store.object_at(slot) for slot in store.read(which)] for which in (at.L_TRACKED, at.L_LOST))
    pairs = find_pairs(tracked, gone, float(params[at.P_LIMIT + at.DUPLICATES]), False, bool(params[at.P_PER_CLASS]))
    lists[at.L_ROW_START, : pairs.n + 1] = pairs.lists[at.L_ROW_START, : pairs.n + 1]
    single.drop_duplicates(ints, params, lists, counters, pairs.columns)
    if store.classic:
        single.retire(ints, lists, counters)
    counters[at.C_ENDED] += counters[at.L_ENDED_SLOT]
    return store.end_frame()


def _merge_lists(tracker: HoldsTracks, *stages: Tracks) -> list[STrack]:
    """Merge by the tracker's own joint_stracks, sub_stracks, remove_duplicate_stracks, which a subclass replaced."""
    activated, refind, lost, removed = stages
    store = tracker._store
    tracked = [track for track in tracker.tracked_stracks if track.state == TrackState.Tracked]
    tracked = tracker.joint_stracks(tracker.joint_stracks(tracked, activated), refind)
    gone = [*tracker.sub_stracks(tracker.lost_stracks, tracked), *lost]
    if store.classic:
        gone = tracker.sub_stracks(gone, tracker.removed_stracks)
    else:
        gone = [track for track in gone if track.state != TrackState.Removed]
    kept, kept_lost = tracker.remove_duplicate_stracks(tracked, gone)
    dropped = tracker.sub_stracks([*tracked, *gone], [*kept, *kept_lost])
    ended = list(removed)
    if not store.classic:
        for track in dropped:
            track.mark_removed()
        ended += [track for track in dropped if track not in ended]
    store.set_pool(at.L_TRACKED, kept)
    store.set_pool(at.L_LOST, kept_lost)
    store.commit()
    store.write(at.L_ENDED_SLOT, [])
    store.end_frame()
    return ended
