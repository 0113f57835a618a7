"""Lists of tracks as sets: join, subtract, take out duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from numa_runtime.tracking.objects.distances import find_pairs
from numa_runtime.tracking.objects.strack import STrack

S = TypeVar("S", bound=STrack)


def joint_stracks(a: Sequence[S], b: Sequence[S]) -> list[S]:
    """Return `a`, then what of `b` has another id than everything before it."""
    seen = {track.track_id for track in a}
    joined = list(a)
    for track in b:
        if track.track_id not in seen:
            seen.add(track.track_id)
            joined.append(track)
    return joined


def sub_stracks(a: Sequence[S], b: Sequence[STrack]) -> list[S]:
    """Return what of `a` has an id that is not in `b`."""
    gone = {track.track_id for track in b}
    return [track for track in a if track.track_id not in gone]


def remove_duplicate_stracks(a: Sequence[S], b: Sequence[S], dup_thresh: float = 0.15) -> tuple[list[S], list[S]]:
    """Return both lists without duplicates: the shorter-lived of two goes.

    Cost is 1 - IoU; on a tie the one in `a` goes. All pairs are judged before any goes.

    Args:
        a: one list.
        b: the other list.
        dup_thresh: two tracks that cost less are duplicates.
    """
    pairs = find_pairs(a, b, float(dup_thresh), False, False)
    gone_a: set[int] = set()
    gone_b: set[int] = set()
    for i, j in zip(pairs.rows.tolist(), pairs.columns.tolist(), strict=True):
        lived_a, lived_b = (track.frame_id - track.start_frame for track in (a[i], b[j]))
        (gone_b if lived_a > lived_b else gone_a).add(j if lived_a > lived_b else i)
    return [t for i, t in enumerate(a) if i not in gone_a], [t for j, t in enumerate(b) if j not in gone_b]
