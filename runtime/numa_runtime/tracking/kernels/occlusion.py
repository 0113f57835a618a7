"""Tracks that others cover go on for a while without a detection (FastTracker, arXiv 2508.14370).

The filter's last corrections before somebody is covered come from boxes that are half hidden. So a track that is
covered falls back to a state from before: of the last means after an update, which `history` keeps in a ring.
"""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.noise import factors_of_scale
from numa_runtime.tracking.kernels.similarity import warp_scale


@inner
def keep_update(floats: Floats, history: Floats, slot: int, depth: int, born: bool) -> None:
    """Put the filter's mean after an update, or at birth, into the ring of `depth`; who is seen is not covered."""
    count = 0 if born else int(history[slot, at.U_COUNT])
    entry = at.U_RING + at.N_MEAN * (count % depth)
    for j in range(at.N_MEAN):
        history[slot, entry + j] = floats[slot, at.X + j]
    history[slot, at.U_COUNT], history[slot, at.U_ONSET] = count + 1, at.NEVER


@inner
def update_back(history: Floats, slot: int, depth: int, back: int) -> int:
    """Return where in `history` the `back`-th newest mean lies (1: the newest), or the oldest there is."""
    count = int(history[slot, at.U_COUNT])
    return at.U_RING + at.N_MEAN * ((count - min(back, count)) % depth)


@rare
def warp_updates(ints: Ints, history: Floats, slots: Ints, warp: Floats, depth: int) -> None:
    """Move the means that are kept of `slots` with the camera: `warp` (2, 3)."""
    scale = warp_scale(warp)
    for slot in slots:
        of_third, of_fourth = factors_of_scale(ints[slot, at.KIND], scale)
        for k in range(min(int(history[slot, at.U_COUNT]), depth)):
            i = at.U_RING + at.N_MEAN * k
            x, y, vx, vy = history[slot, i], history[slot, i + 1], history[slot, i + at.VX], history[slot, i + at.VY]
            history[slot, i] = warp[0, 0] * x + warp[0, 1] * y + warp[0, 2]
            history[slot, i + 1] = warp[1, 0] * x + warp[1, 1] * y + warp[1, 2]
            history[slot, i + at.VX] = warp[0, 0] * vx + warp[0, 1] * vy
            history[slot, i + at.VY] = warp[1, 0] * vx + warp[1, 1] * vy
            history[slot, i + at.A] *= of_third
            history[slot, i + at.VA] *= of_third
            history[slot, i + at.H] *= of_fourth
            history[slot, i + at.VH] *= of_fourth


@rare
def fall_back(floats: Floats, ints: Ints, history: Floats, params: Floats, slot: int) -> None:
    """Give the track in `slot` an earlier box, enlarged, and an earlier velocity, damped; the covariance stays.

    An offset of 0 keeps the predicted one.
    """
    kind, depth = ints[slot, at.KIND], int(params[at.P_UPDATES])
    moving = at.VA if kind == at.XYSR else at.VH  # the last number that is a velocity
    back = int(params[at.P_POSITION_BACK])
    if back > 0:
        entry = update_back(history, slot, depth, back)
        for j in range(at.X, at.VX):
            floats[slot, j] = history[slot, entry + j]
    back = int(params[at.P_VELOCITY_BACK])
    if back > 0:
        entry = update_back(history, slot, depth, back)
        for j in range(at.VX, moving + 1):
            floats[slot, j] = history[slot, entry + j]
    for j in range(at.VX, moving + 1):
        floats[slot, j] *= params[at.P_DAMPING]
    of_third, of_fourth = factors_of_scale(kind, params[at.P_GROWTH])
    floats[slot, at.A] *= of_third
    floats[slot, at.H] *= of_fourth


@inner
def coverage(rows: Floats, i: int, columns: Floats, j: int) -> float:
    """Return the share of upright box `i` that upright box `j` covers."""
    w = min(rows[i, at.S_X2], columns[j, at.S_X2]) - max(rows[i, at.S_X1], columns[j, at.S_X1])
    h = min(rows[i, at.S_Y2], columns[j, at.S_Y2]) - max(rows[i, at.S_Y1], columns[j, at.S_Y1])
    return float(w * h / rows[i, at.S_AREA])


@rare
def list_matched(ints: Ints, lists: Ints, counters: Ints) -> None:
    """Fill L_MATCHED with the tracks that may cover those in L_REST: nobody where boxes are rotated."""
    matched = 0
    if counters[at.L_REST] > 0 and counters[at.C_COLUMNS] != 7:
        for i in range(counters[at.L_POOL]):
            slot = lists[at.L_POOL, i]
            if ints[slot, at.FRAME] == counters[at.C_FRAME]:
                lists[at.L_MATCHED, matched] = slot
                matched += 1
    counters[at.L_MATCHED] = matched


@rare
def keep_occluded(
    floats: Floats, ints: Ints, history: Floats, params: Floats, shapes: Floats, lists: Ints, counters: Ints,
    pair_columns: Ints, clock: float,
) -> None:  # fmt: skip
    """Take those out of L_REST that stay Tracked without a detection: not missing for long, or covered.

    A track is covered from when one that was matched in this frame hides more than occ_cover_thresh of its predicted
    box; it then falls back once. The pairs are those of the last `find_pairs`, L_REST with L_MATCHED. Whoever stays has
    no detection: INDEX is -1.
    """
    kept = 0
    for i in range(counters[at.L_REST]):
        slot, hidden = lists[at.L_REST, i], False
        if history[slot, at.U_ONSET] == at.NEVER:
            for k in range(lists[at.L_ROW_START, i], lists[at.L_ROW_START, i + 1]):
                hidden = hidden or coverage(shapes[0], i, shapes[1], pair_columns[k]) > params[at.P_COVERAGE]
            if hidden:
                fall_back(floats, ints, history, params, slot)
                history[slot, at.U_ONSET] = clock
        stays = clock - floats[slot, at.SEEN] <= params[at.P_COASTING] + at.SLACK
        stays = stays or clock - history[slot, at.U_ONSET] < params[at.P_GIVEN_UP] - 1.0 - at.SLACK
        if stays:
            ints[slot, at.INDEX] = -1
        else:
            lists[at.L_REST, kept] = slot
            kept += 1
    counters[at.L_REST] = kept
