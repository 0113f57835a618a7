"""What is remembered of a track's observations, beyond the filter (Cao et al. 2023, OC-SORT; Yang et al. 2023, C-BIoU).

The last detection as it was measured, for recovery; where observations were in the last delta_t frames, for
momentum and mean motion; the filter's state after the last one, from which a gap is gone over again.
"""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.noise import state_of_box
from numa_runtime.tracking.kernels.similarity import rotate_angle, warp_scale


@inner
def reference(history: Floats, slot: int, frame: int, delta_t: int) -> int:
    """Return where in `history` the box (x, y, a, h) is that was observed `delta_t` frames before `frame`, or the next.

    If there is none in these frames it is the last one's.
    """
    for back in range(delta_t, 0, -1):
        entry = at.O_RING + at.RING * ((frame - back) % delta_t)
        if history[slot, entry] == frame - back:
            return entry + 1
    return at.M_X


@rare
def swap_state(floats: Floats, ints: Ints, coupled: Floats, history: Floats, slot: int) -> None:
    """Exchange the filter's state with the one after the last observation."""
    for k in range(at.N_STATE):
        floats[slot, k], history[slot, at.O_STATE + k] = history[slot, at.O_STATE + k], floats[slot, k]
    flag = history[slot, at.O_COUPLED]
    history[slot, at.O_COUPLED], ints[slot, at.COUPLED] = ints[slot, at.COUPLED], int(flag)
    if coupled.shape[0] > 0:
        for k in range(at.N_COUPLED):
            held, kept = coupled[slot, k], at.O_COVARIANCE + k
            coupled[slot, k], history[slot, kept] = history[slot, kept], held


@rare
def observe(
    floats: Floats, ints: Ints, coupled: Floats, history: Floats, measured: Floats, slot: int,
    detection: int, frame: int, delta_t: int, clock: float,
) -> None:  # fmt: skip
    """Remember `detection` as the last observation of the track in `slot`, and the filter's state after it."""
    if ints[slot, at.START] == frame:
        for back in range(delta_t):
            history[slot, at.O_RING + at.RING * back] = at.NEVER
        for j in range(4):
            history[slot, at.M_X + j] = measured[detection, at.M_X + j]
    came_from = reference(history, slot, frame, delta_t)
    for j in range(4):
        history[slot, at.O_FROM + j] = history[slot, came_from + j]
    history[slot, at.O_FROM_CLOCK] = floats[slot, at.SEEN] if came_from == at.M_X else history[slot, came_from + 4]
    for j in range(at.N_MEASURED):
        history[slot, j] = measured[detection, j]
    entry = at.O_RING + at.RING * (frame % delta_t)
    history[slot, entry], history[slot, entry + at.RING_CLOCK] = frame, clock
    for j in range(4):
        history[slot, entry + 1 + j] = measured[detection, at.M_X + j]
    for j in range(at.N_STATE):
        history[slot, at.O_STATE + j] = floats[slot, j]
    history[slot, at.O_COUPLED] = ints[slot, at.COUPLED]
    if ints[slot, at.COUPLED] != 0:
        for j in range(at.N_COUPLED):
            history[slot, at.O_COVARIANCE + j] = coupled[slot, j]


@rare
def follow_mean(floats: Floats, ints: Ints, history: Floats, slot: int, clock: float) -> None:
    """Put the last observation in place of the filter's state, with the mean motion of the frames before it as speed.

    It is (this box - the one observed delta_t frames ago) / (the time between), in the numbers the state holds; of the
    boxes between, the sum of their displacements is all that counts. After a longer gap it is the motion over the gap.
    """
    kind, gone = ints[slot, at.KIND], clock - history[slot, at.O_FROM_CLOCK]
    share = 1.0 / gone if gone > 0.0 else 0.0
    third, fourth = state_of_box(kind, history[slot, at.M_A], history[slot, at.M_H])
    third_from, fourth_from = state_of_box(kind, history[slot, at.O_FROM + 2], history[slot, at.O_FROM + 3])
    for j in range(2):
        floats[slot, at.X + j] = history[slot, at.M_X + j]
        floats[slot, at.VX + j] = share * (history[slot, at.M_X + j] - history[slot, at.O_FROM + j])
    floats[slot, at.A], floats[slot, at.VA] = third, share * (third - third_from)
    floats[slot, at.H] = fourth
    if kind != at.XYSR:  # its aspect has no speed
        floats[slot, at.VH] = share * (fourth - fourth_from)


@rare
def warp_observed(history: Floats, slot: int, delta_t: int, warp: Floats) -> None:
    """Move what was observed of `slot` with the camera."""
    scale = warp_scale(warp)
    for entry in range(-2, delta_t):
        i = at.M_X if entry == -2 else at.O_FROM if entry == -1 else at.O_RING + at.RING * entry + 1
        x, y = history[slot, i], history[slot, i + 1]
        history[slot, i] = warp[0, 0] * x + warp[0, 1] * y + warp[0, 2]
        history[slot, i + 1] = warp[1, 0] * x + warp[1, 1] * y + warp[1, 2]
        history[slot, i + 3] *= scale
    h = history[slot, at.M_H]
    w = h * history[slot, at.M_A]
    history[slot, at.M_ANGLE] = rotate_angle(history[slot, at.M_ANGLE], warp)
    history[slot, at.M_X1], history[slot, at.M_X2] = history[slot, at.M_X] - 0.5 * w, history[slot, at.M_X] + 0.5 * w
    history[slot, at.M_Y1], history[slot, at.M_Y2] = history[slot, at.M_Y] - 0.5 * h, history[slot, at.M_Y] + 0.5 * h
