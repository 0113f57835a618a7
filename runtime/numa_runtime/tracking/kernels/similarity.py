"""What a camera warp does to sizes and angles."""

from __future__ import annotations

from math import atan2, cos, floor, pi, sin, sqrt

from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats

TOLERANCE = 1e-7  # of the squared scale: a similarity that was stored in float32 still is one


@inner
def warp_scale(warp: Floats) -> float:
    """Return sqrt|det| of the linear part of `warp` (2, 3): what lengths are multiplied by, on average."""
    return sqrt(abs(warp[0, 0] * warp[1, 1] - warp[0, 1] * warp[1, 0]))


@inner
def is_similarity(warp: Floats) -> bool:
    """Whether `warp` (2, 3) scales all directions alike (rotation, uniform scale, shift, mirror)."""
    a, b, c, d = warp[0, 0], warp[0, 1], warp[1, 0], warp[1, 1]
    size = a * a + b * b
    return bool(abs(size - c * c - d * d) <= TOLERANCE * size and abs(a * c + b * d) <= TOLERANCE * size)


@inner
def keeps_decoupled(warp: Floats, wide: bool) -> bool:
    """Whether the covariances of x and y stay apart under `warp` (2, 3).

    Where they are the same, any similarity leaves them so; with the width in the state (`wide`) they differ, and a
    turn would mix them.
    """
    if not wide:
        return is_similarity(warp)
    a, b, c, d = warp[0, 0], warp[0, 1], warp[1, 0], warp[1, 1]
    size = TOLERANCE * (abs(a) + abs(d))
    return bool(abs(b) <= size and abs(c) <= size and abs(abs(a) - abs(d)) <= size)


@inner
def is_identity(warp: Floats) -> bool:
    """Whether `warp` (2, 3) moves nothing."""
    linear = warp[0, 0] == 1.0 and warp[1, 1] == 1.0 and warp[0, 1] == 0.0 and warp[1, 0] == 0.0
    return bool(linear and warp[0, 2] == 0.0 and warp[1, 2] == 0.0)


@inner
def half_turn(angle: float) -> float:
    """Return `angle` (radians) in the canonical half turn [-pi/4, 3 pi/4): a box is itself after half a turn."""
    turned = angle - pi * floor((angle + pi / 4.0) / pi)
    return turned if turned < 0.75 * pi else turned - pi


@inner
def rotate_angle(angle: float, warp: Floats) -> float:
    """Return where the linear part of `warp` (2, 3) turns a box whose width points along `angle` (radians)."""
    x, y = cos(angle), sin(angle)
    return half_turn(atan2(warp[1, 0] * x + warp[1, 1] * y, warp[0, 0] * x + warp[0, 1] * y))
