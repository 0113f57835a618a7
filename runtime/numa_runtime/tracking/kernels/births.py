"""Which detections may not start a track, for something is there already (Shim et al. 2025, TrackTrack)."""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.noise import sides


@inner
def overlap_of(ax1: float, ay1: float, ax2: float, ay2: float, measured: Floats, detection: int) -> float:
    """Return the IoU of a box with an upright detection."""
    bx1, by1 = measured[detection, at.M_X1], measured[detection, at.M_Y1]
    bx2, by2 = measured[detection, at.M_X2], measured[detection, at.M_Y2]
    w, h = min(ax2, bx2) - max(ax1, bx1), min(ay2, by2) - max(ay1, by1)
    if not (w > 0.0 and h > 0.0):
        return 0.0
    return float(w * h / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - w * h))


@inner
def occupied(floats: Floats, ints: Ints, measured: Floats, detection: int, pool: Ints, limit: float) -> bool:
    """Whether a Tracked track of `pool` overlaps an upright detection by more than `limit`."""
    for slot in pool:
        if ints[slot, at.STATE] == at.TRACKED:
            w, h = sides(ints[slot, at.KIND], floats[slot, at.A], floats[slot, at.H])
            x, y = floats[slot, at.X] - 0.5 * w, floats[slot, at.Y] - 0.5 * h
            if overlap_of(x, y, x + w, y + h, measured, detection) > limit:
                return True
    return False


@rare
def thin_births(floats: Floats, ints: Ints, measured: Floats, params: Floats, lists: Ints, counters: Ints) -> None:
    """Drop from L_LEFT what overlaps a track or a stronger candidate for birth too much (upright boxes only).

    Tracks are those that are Tracked now; of two candidates with one score the first is the stronger.
    """
    limit, left, least = params[at.P_BIRTH_IOU], counters[at.L_LEFT], params[at.P_NEW]
    kept = 0
    for i in range(left):
        lists[at.L_TODO, i] = lists[at.L_LEFT, i]
    for i in range(left):
        detection = lists[at.L_TODO, i]
        score = measured[detection, at.M_SCORE]
        drop = score < least
        drop = drop or occupied(floats, ints, measured, detection, lists[at.L_TRACKED, : counters[at.L_TRACKED]], limit)
        drop = drop or occupied(floats, ints, measured, detection, lists[at.L_REFOUND, : counters[at.L_REFOUND]], limit)
        for j in range(left):
            other = lists[at.L_TODO, j]
            its = measured[other, at.M_SCORE]
            if not drop and its >= least and (its > score or (its == score and j < i)):
                x1, y1 = measured[detection, at.M_X1], measured[detection, at.M_Y1]
                x2, y2 = measured[detection, at.M_X2], measured[detection, at.M_Y2]
                drop = overlap_of(x1, y1, x2, y2, measured, other) > limit
        if not drop:
            lists[at.L_LEFT, kept] = detection
            kept += 1
    counters[at.L_LEFT] = kept
