"""The constant-velocity filter on (cx, cy, aspect, height), decoupled.

With diagonal P0, Q and R and a measurement of the position only, the 8-state filter of the published
trackers (Wojke et al. 2017, "Simple online and realtime tracking with a deep association metric"; Zhang et
al. 2022, "ByteTrack") is four independent 2-state filters. x, y and h have the same P0, Q and R and therefore
one covariance; the aspect's does not depend on data. So a track needs 6 covariance numbers, not 64.

Time is counted in nominal frames; `dt` is 1 where frames come evenly. Process noise is a random walk's: its
variance grows with dt.
"""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.coupled import correct_coupled, couple, predict_coupled, warp_coupled
from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.similarity import is_similarity, rotate_angle, warp_scale

POSITION_STD, VELOCITY_STD = 1.0 / 20.0, 1.0 / 160.0  # in heights
ASPECT_STD, ASPECT_VELOCITY_STD, ASPECT_MEASURED_STD = 1e-2, 1e-5, 1e-1


@inner
def initiate(floats: Floats, ints: Ints, slot: int, x: float, y: float, a: float, h: float) -> None:
    """Start the filter of `slot` at a measurement, at rest."""
    floats[at.X, slot], floats[at.Y, slot], floats[at.A, slot], floats[at.H, slot] = x, y, a, h
    for row in range(at.VX, at.A11 + 1):
        floats[row, slot] = 0.0
    position, velocity = 2.0 * POSITION_STD * h, 10.0 * VELOCITY_STD * h
    floats[at.P00, slot], floats[at.P11, slot] = position * position, velocity * velocity
    floats[at.A00, slot], floats[at.A11, slot] = ASPECT_STD * ASPECT_STD, ASPECT_VELOCITY_STD * ASPECT_VELOCITY_STD
    ints[at.COUPLED, slot] = 0


@inner
def predict(floats: Floats, ints: Ints, coupled: Floats, slots: Ints, dt: float, keep_positive: bool) -> None:
    """Move the tracks in `slots` by `dt` nominal frames.

    A track that is not Tracked keeps its height (vh = 0), as published. `keep_positive` stops a size that
    would change its sign instead of letting it.
    """
    for slot in slots:
        if ints[at.STATE, slot] != at.TRACKED:
            floats[at.VH, slot] = 0.0
        h = floats[at.H, slot]
        q0, q1 = POSITION_STD * h, VELOCITY_STD * h
        q0, q1 = q0 * q0 * dt, q1 * q1 * dt
        floats[at.X, slot] += dt * floats[at.VX, slot]
        floats[at.Y, slot] += dt * floats[at.VY, slot]
        for size, speed in ((at.A, at.VA), (at.H, at.VH)):
            moved = floats[size, slot] + dt * floats[speed, slot]
            if keep_positive and moved <= 0.0:
                floats[speed, slot] = 0.0
            else:
                floats[size, slot] = moved
        p01, p11 = floats[at.P01, slot], floats[at.P11, slot]
        floats[at.P00, slot] += dt * (2.0 * p01 + dt * p11) + q0
        floats[at.P01, slot] = p01 + dt * p11
        floats[at.P11, slot] = p11 + q1
        p01, p11 = floats[at.A01, slot], floats[at.A11, slot]
        floats[at.A00, slot] += dt * (2.0 * p01 + dt * p11) + ASPECT_STD * ASPECT_STD * dt
        floats[at.A01, slot] = p01 + dt * p11
        floats[at.A11, slot] = p11 + ASPECT_VELOCITY_STD * ASPECT_VELOCITY_STD * dt
        if ints[at.COUPLED, slot] != 0:
            predict_coupled(coupled, slot, dt, q0, q1)


@inner
def correct(floats: Floats, ints: Ints, coupled: Floats, slot: int, x: float, y: float, a: float, h: float) -> None:
    """Update the filter of `slot` with the measurement x, y, a, h."""
    noise = POSITION_STD * floats[at.H, slot]
    noise *= noise
    if ints[at.COUPLED, slot] != 0:
        correct_coupled(floats, coupled, slot, x, y, noise)
    p00, p01 = floats[at.P00, slot], floats[at.P01, slot]
    scale = 1.0 / (p00 + noise)
    k0, k1 = p00 * scale, p01 * scale
    if ints[at.COUPLED, slot] == 0:
        dx, dy = x - floats[at.X, slot], y - floats[at.Y, slot]
        floats[at.X, slot] += k0 * dx
        floats[at.Y, slot] += k0 * dy
        floats[at.VX, slot] += k1 * dx
        floats[at.VY, slot] += k1 * dy
    dh = h - floats[at.H, slot]
    floats[at.H, slot] += k0 * dh
    floats[at.VH, slot] += k1 * dh
    floats[at.P00, slot] = p00 - k0 * p00
    floats[at.P01, slot] = p01 - k0 * p01
    floats[at.P11, slot] -= k1 * p01
    p00, p01 = floats[at.A00, slot], floats[at.A01, slot]
    scale = 1.0 / (p00 + ASPECT_MEASURED_STD * ASPECT_MEASURED_STD)
    k0, k1 = p00 * scale, p01 * scale
    da = a - floats[at.A, slot]
    floats[at.A, slot] += k0 * da
    floats[at.VA, slot] += k1 * da
    floats[at.A00, slot] = p00 - k0 * p00
    floats[at.A01, slot] = p01 - k0 * p01
    floats[at.A11, slot] -= k1 * p01


@inner
def warp_tracks(floats: Floats, ints: Ints, coupled: Floats, slots: Ints, warp: Floats) -> None:
    """Move the tracks in `slots` with the camera: `warp` (2, 3) maps last frame's pixels to this frame's.

    The linear part acts on centre and velocity, sqrt|det| on the height and its velocity; the aspect stays.
    A similarity keeps one covariance for x, y and h; any other warp gives the track a coupled one for
    (x, y, vx, vy), and `coupled` must then have room (`step` answers NEED_COUPLED before it starts).
    """
    a, b, c, d = warp[0, 0], warp[0, 1], warp[1, 0], warp[1, 1]
    scale = warp_scale(warp)
    similar = is_similarity(warp)
    for slot in slots:
        x, y = floats[at.X, slot], floats[at.Y, slot]
        floats[at.X, slot] = a * x + b * y + warp[0, 2]
        floats[at.Y, slot] = c * x + d * y + warp[1, 2]
        x, y = floats[at.VX, slot], floats[at.VY, slot]
        floats[at.VX, slot] = a * x + b * y
        floats[at.VY, slot] = c * x + d * y
        floats[at.ANGLE, slot] = rotate_angle(floats[at.ANGLE, slot], warp)
        if not similar and ints[at.COUPLED, slot] == 0:
            couple(floats, coupled, slot)
            ints[at.COUPLED, slot] = 1
        if ints[at.COUPLED, slot] != 0:
            warp_coupled(coupled, slot, a, b, c, d)
        floats[at.H, slot] *= scale
        floats[at.VH, slot] *= scale
        for row in range(at.P00, at.P11 + 1):
            floats[row, slot] *= scale * scale
