"""The constant-velocity filter on a box, decoupled; `noise` says what it may hold and how sure it is.

With diagonal P0, Q and R and a measurement of the position only, the 8-state filter of the published
trackers (Wojke et al. 2017, "Simple online and realtime tracking with a deep association metric"; Zhang et
al. 2022, "ByteTrack") is four independent 2-state filters, and no state has more than two different covariances:
x, y and h have the same P0, Q and R (XYAH), or x and the width, and y and the height (XYWH). So a track needs 6
covariance numbers, not 64.

Time is counted in nominal frames; `dt` is 1 where frames come evenly. Process noise is a random walk's: its
variance grows with dt.
"""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.coupled import correct_coupled, couple, predict_coupled, warp_coupled
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.noise import (
    RATIO_FIRST,
    RATIO_MEASURED,
    RATIO_PROCESS,
    factors_of_scale,
    first_variances,
    holds_width,
    measured_variances,
    process_variances,
)
from numa_runtime.tracking.kernels.observed import swap_state, warp_observed
from numa_runtime.tracking.kernels.similarity import keeps_decoupled, rotate_angle, warp_scale


@inner
def initiate(floats: Floats, ints: Ints, slot: int, x: float, y: float, third: float, fourth: float, kind: int) -> None:
    """Start the filter of `slot` at a measurement, at rest; what `third` and `fourth` are says `kind`."""
    floats[slot, at.X], floats[slot, at.Y], floats[slot, at.A], floats[slot, at.H] = x, y, third, fourth
    for number in range(at.VX, at.A11 + 1):
        floats[slot, number] = 0.0
    first_position, first_velocity, third_position, third_velocity = first_variances(kind, third, fourth)
    floats[slot, at.P00], floats[slot, at.P11] = first_position, first_velocity
    floats[slot, at.A00], floats[slot, at.A11] = third_position, third_velocity
    if kind == at.XYSR:
        floats[slot, at.RATIO] = RATIO_FIRST
    ints[slot, at.COUPLED], ints[slot, at.KIND] = 0, kind


@inner
def move_size(floats: Floats, slot: int, size: int, speed: int, dt: float, keep_positive: bool) -> None:
    """Add `dt` frames of its speed to a size; `keep_positive` stops it where its sign would change."""
    moved = floats[slot, size] + dt * floats[slot, speed]
    if keep_positive and moved <= 0.0:
        floats[slot, speed] = 0.0
    else:
        floats[slot, size] = moved


@inner
def predict_one(floats: Floats, ints: Ints, coupled: Floats, slot: int, dt: float, keep_positive: bool) -> None:
    """Move the track in `slot` by `dt` nominal frames."""
    kind = ints[slot, at.KIND]
    if ints[slot, at.STATE] != at.TRACKED and kind <= at.XYWH:
        floats[slot, at.VH] = 0.0
        if kind == at.XYWH:
            floats[slot, at.VA] = 0.0
    q0, q1, r0, r1 = process_variances(kind, floats[slot, at.A], floats[slot, at.H])
    q0, q1, r0, r1 = q0 * dt, q1 * dt, r0 * dt, r1 * dt
    floats[slot, at.X] += dt * floats[slot, at.VX]
    floats[slot, at.Y] += dt * floats[slot, at.VY]
    move_size(floats, slot, at.A, at.VA, dt, keep_positive)
    if kind == at.XYSR:
        floats[slot, at.RATIO] += RATIO_PROCESS * dt
    else:
        move_size(floats, slot, at.H, at.VH, dt, keep_positive)
    p01, p11 = floats[slot, at.P01], floats[slot, at.P11]
    floats[slot, at.P00] += dt * (2.0 * p01 + dt * p11) + q0
    floats[slot, at.P01] = p01 + dt * p11
    floats[slot, at.P11] = p11 + q1
    p01, p11 = floats[slot, at.A01], floats[slot, at.A11]
    floats[slot, at.A00] += dt * (2.0 * p01 + dt * p11) + r0
    floats[slot, at.A01] = p01 + dt * p11
    floats[slot, at.A11] = p11 + r1
    if ints[slot, at.COUPLED] != 0:
        wide = holds_width(kind)
        predict_coupled(coupled, slot, dt, r0 if wide else q0, r1 if wide else q1, q0, q1)


@inner
def predict(floats: Floats, ints: Ints, coupled: Floats, slots: Ints, dt: float, keep_positive: bool) -> None:
    """Move the tracks in `slots` by `dt` nominal frames.

    A track that is not Tracked keeps its height (XYAH: vh = 0) or both its sides (XYWH: vw = vh = 0), as published;
    the other states go on. `keep_positive` stops a size that would change its sign instead of letting it.
    """
    for slot in slots:
        predict_one(floats, ints, coupled, slot, dt, keep_positive)


@inner
def correct(
    floats: Floats, ints: Ints, coupled: Floats, slot: int, x: float, y: float, measured_third: float,
    measured_fourth: float,
) -> None:  # fmt: skip
    """Update the filter of `slot` with the measured centre and the two numbers its state holds (`state_of_box`)."""
    kind, h = ints[slot, at.KIND], floats[slot, at.H]
    wide = holds_width(kind)
    noise, third_noise = measured_variances(kind, floats[slot, at.A], h)
    p00, p01, a00, a01 = floats[slot, at.P00], floats[slot, at.P01], floats[slot, at.A00], floats[slot, at.A01]
    p11, a11 = floats[slot, at.P11], floats[slot, at.A11]
    scale = 1.0 / (p00 + noise)
    k0, k1 = p00 * scale, p01 * scale
    scale = 1.0 / (a00 + third_noise)
    g0, g1 = a00 * scale, a01 * scale
    residual_fourth, residual_third = measured_fourth - h, measured_third - floats[slot, at.A]
    if ints[slot, at.COUPLED] != 0:
        correct_coupled(floats, coupled, slot, x, y, third_noise if wide else noise, noise)
    else:
        residual_x, residual_y = x - floats[slot, at.X], y - floats[slot, at.Y]
        floats[slot, at.X] += (g0 if wide else k0) * residual_x
        floats[slot, at.Y] += k0 * residual_y
        floats[slot, at.VX] += (g1 if wide else k1) * residual_x
        floats[slot, at.VY] += k1 * residual_y
    floats[slot, at.A] += g0 * residual_third
    floats[slot, at.VA] += g1 * residual_third
    if kind == at.XYSR:
        gain = floats[slot, at.RATIO] / (floats[slot, at.RATIO] + RATIO_MEASURED)
        floats[slot, at.H] = h + gain * residual_fourth
        floats[slot, at.RATIO] -= gain * floats[slot, at.RATIO]
    else:
        floats[slot, at.H] = h + k0 * residual_fourth
        floats[slot, at.VH] += k1 * residual_fourth
    floats[slot, at.P00], floats[slot, at.P01], floats[slot, at.P11] = p00 - k0 * p00, p01 - k0 * p01, p11 - k1 * p01
    floats[slot, at.A00], floats[slot, at.A01], floats[slot, at.A11] = a00 - g0 * a00, a01 - g0 * a01, a11 - g1 * a01


@rare
def warp_one(floats: Floats, ints: Ints, coupled: Floats, slot: int, warp: Floats, scale: float) -> None:
    """Move the filter of `slot` with the camera; `scale` is the warp's."""
    a, b, c, d = warp[0, 0], warp[0, 1], warp[1, 0], warp[1, 1]
    kind = ints[slot, at.KIND]
    x, y = floats[slot, at.X], floats[slot, at.Y]
    floats[slot, at.X] = a * x + b * y + warp[0, 2]
    floats[slot, at.Y] = c * x + d * y + warp[1, 2]
    x, y = floats[slot, at.VX], floats[slot, at.VY]
    floats[slot, at.VX] = a * x + b * y
    floats[slot, at.VY] = c * x + d * y
    if ints[slot, at.COUPLED] == 0 and not keeps_decoupled(warp, kind == at.XYWH):
        couple(floats, coupled, slot, holds_width(kind))
        ints[slot, at.COUPLED] = 1
    if ints[slot, at.COUPLED] != 0:
        warp_coupled(coupled, slot, a, b, c, d)
    of_third, of_fourth = factors_of_scale(kind, scale)
    floats[slot, at.A] *= of_third
    floats[slot, at.VA] *= of_third
    floats[slot, at.H] *= of_fourth
    floats[slot, at.VH] *= of_fourth
    for i in range(3):
        floats[slot, at.P00 + i] *= scale * scale
        floats[slot, at.A00 + i] *= of_third * of_third


@rare
def warp_tracks(
    floats: Floats, ints: Ints, coupled: Floats, history: Floats, slots: Ints, warp: Floats, delta_t: int
) -> None:
    """Move the tracks in `slots` with the camera: `warp` (2, 3) maps last frame's pixels to this frame's.

    The linear part acts on centre and velocity, sqrt|det| on lengths and their velocities, |det| on areas; an aspect
    stays. With
    `delta_t` above 0, what was observed moves too, and so does the state after it. Where the covariance does not
    stay decoupled (`keeps_decoupled`) the track gets a coupled one for (x, y, vx, vy), and `coupled` must then
    have room (`step` answers NEED_COUPLED before it starts).
    """
    scale = warp_scale(warp)
    for slot in slots:
        floats[slot, at.ANGLE] = rotate_angle(floats[slot, at.ANGLE], warp)
        for _ in range(2 if delta_t > 0 else 1):  # the state, then the one at the last observation, then back
            warp_one(floats, ints, coupled, slot, warp, scale)
            if delta_t > 0:
                swap_state(floats, ints, coupled, history, slot)
        if delta_t > 0:
            warp_observed(history, slot, delta_t, warp)
