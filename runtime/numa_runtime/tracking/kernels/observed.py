"""What OC-SORT remembers of a track's observations, beside the filter (Cao et al. 2023).

Momentum: the direction between two observations delta_t frames apart. Recovery: the last observed box. Re-update:
the filter's state at the last observation, from which a gap is gone over again.
"""

from __future__ import annotations

from math import sqrt

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.overlap import reach_of_limit, set_shape
from numa_runtime.tracking.kernels.similarity import rotate_angle, warp_scale


@inner
def reference(history: Floats, slot: int, frame: int, delta_t: int) -> tuple[float, float]:
    """Return the centre observed `delta_t` frames before `frame`, or as near to that as there is one, or the last."""
    for back in range(delta_t, 0, -1):
        entry = at.O_RING + 3 * ((frame - back) % delta_t)
        if history[slot, entry] == frame - back:
            return history[slot, entry + 1], history[slot, entry + 2]
    return history[slot, at.O_X], history[slot, at.O_Y]


@rare
def swap_state(floats: Floats, ints: Ints, coupled: Floats, history: Floats, slot: int) -> None:
    """Exchange the filter's state with the one at the last observation."""
    for k in range(at.N_STATE):
        floats[slot, k], history[slot, at.O_STATE + k] = history[slot, at.O_STATE + k], floats[slot, k]
    flag = ints[slot, at.COUPLED]
    ints[slot, at.COUPLED] = int(history[slot, at.O_COUPLED])
    history[slot, at.O_COUPLED] = flag
    if coupled.shape[0] > 0:
        for k in range(at.N_COUPLED):
            held = coupled[slot, k]
            coupled[slot, k] = history[slot, at.O_COVARIANCE + k]
            history[slot, at.O_COVARIANCE + k] = held


@rare
def restore_state(floats: Floats, ints: Ints, coupled: Floats, history: Floats, slot: int) -> None:
    """Put the filter back to what it was after the last observation."""
    for k in range(at.N_STATE):
        floats[slot, k] = history[slot, at.O_STATE + k]
    ints[slot, at.COUPLED] = int(history[slot, at.O_COUPLED])
    if ints[slot, at.COUPLED] != 0:
        for k in range(at.N_COUPLED):
            coupled[slot, k] = history[slot, at.O_COVARIANCE + k]


@rare
def observe(
    floats: Floats, ints: Ints, coupled: Floats, history: Floats, measured: Floats, slot: int, k: int, frame: int,
    delta_t: int,
) -> None:  # fmt: skip
    """Remember detection `k` as the last observation of the track in `slot`, and the filter's state after it."""
    x, y = measured[k, at.M_X], measured[k, at.M_Y]
    history[slot, at.O_DX], history[slot, at.O_DY] = 0.0, 0.0
    if ints[slot, at.START] == frame:
        for back in range(delta_t):
            history[slot, at.O_RING + 3 * back] = at.NEVER
    else:
        rx, ry = reference(history, slot, frame, delta_t)
        apart = sqrt((x - rx) * (x - rx) + (y - ry) * (y - ry))
        if apart > 0.0:
            history[slot, at.O_DX], history[slot, at.O_DY] = (x - rx) / apart, (y - ry) / apart
    history[slot, at.O_X], history[slot, at.O_Y] = x, y
    history[slot, at.O_W], history[slot, at.O_H] = measured[k, at.M_A] * measured[k, at.M_H], measured[k, at.M_H]
    history[slot, at.O_ANGLE] = measured[k, at.M_ANGLE]
    entry = at.O_RING + 3 * (frame % delta_t)
    history[slot, entry], history[slot, entry + 1], history[slot, entry + 2] = frame, x, y
    for j in range(at.N_STATE):
        history[slot, at.O_STATE + j] = floats[slot, j]
    history[slot, at.O_COUPLED] = ints[slot, at.COUPLED]
    if ints[slot, at.COUPLED] != 0:
        for j in range(at.N_COUPLED):
            history[slot, at.O_COVARIANCE + j] = coupled[slot, j]


@rare
def warp_observed(history: Floats, slot: int, delta_t: int, warp: Floats) -> None:
    """Move what was observed of `slot` with the camera."""
    a, b, c, d = warp[0, 0], warp[0, 1], warp[1, 0], warp[1, 1]
    scale = warp_scale(warp)
    for entry in range(-1, delta_t):
        i = at.O_X if entry < 0 else at.O_RING + 3 * entry + 1
        x, y = history[slot, i], history[slot, i + 1]
        history[slot, i], history[slot, i + 1] = a * x + b * y + warp[0, 2], c * x + d * y + warp[1, 2]
    history[slot, at.O_W] *= scale
    history[slot, at.O_H] *= scale
    history[slot, at.O_ANGLE] = rotate_angle(history[slot, at.O_ANGLE], warp)
    x, y = history[slot, at.O_DX], history[slot, at.O_DY]
    u, v = a * x + b * y, c * x + d * y
    length = sqrt(u * u + v * v)
    if length > 0.0:
        history[slot, at.O_DX], history[slot, at.O_DY] = u / length, v / length


@rare
def shape_observed(history: Floats, ints: Ints, slots: Ints, shape: Floats, rotated: bool, limit: float) -> None:
    """Write the last observed boxes of the tracks in `slots` into columns 0, 1, ... of `shape`."""
    reach = reach_of_limit(limit)
    for i in range(len(slots)):
        slot = slots[i]
        x, y, w, h = history[slot, at.O_X], history[slot, at.O_Y], history[slot, at.O_W], history[slot, at.O_H]
        set_shape(shape, i, x, y, w, h, history[slot, at.O_ANGLE], rotated, reach)
        shape[i, at.S_SCORE] = 1.0
        shape[i, at.S_CLASS] = ints[slot, at.CLASS]
