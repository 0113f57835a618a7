"""The covariance of (x, y, vx, vy) once a camera warp has stretched one direction more than another.

Ten numbers per track in a block of their own, which is only made when such a warp first comes; the height
and the aspect keep their own two-by-two covariances in every case.
"""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats

# Rows of the blocks position, position with velocity, velocity; the first and last are symmetric.
BLOCKS = (
    (at.CXX, at.CXY, at.CXY, at.CYY),
    (at.CXU, at.CXV, at.CYU, at.CYV),
    (at.CUU, at.CUV, at.CUV, at.CVV),
)


@inner
def couple(floats: Floats, coupled: Floats, slot: int) -> None:
    """Write the shared covariance of `slot` out as a coupled one (the two are equal at this moment)."""
    p00, p01, p11 = floats[at.P00, slot], floats[at.P01, slot], floats[at.P11, slot]
    coupled[at.CXX, slot], coupled[at.CXY, slot], coupled[at.CYY, slot] = p00, 0.0, p00
    coupled[at.CXU, slot], coupled[at.CXV, slot], coupled[at.CYU, slot], coupled[at.CYV, slot] = p01, 0.0, 0.0, p01
    coupled[at.CUU, slot], coupled[at.CUV, slot], coupled[at.CVV, slot] = p11, 0.0, p11


@inner
def predict_coupled(coupled: Floats, slot: int, dt: float, q0: float, q1: float) -> None:
    """Add `dt` nominal frames; q0 and q1 are the process variances of position and velocity."""
    xu, xv, yu, yv = coupled[at.CXU, slot], coupled[at.CXV, slot], coupled[at.CYU, slot], coupled[at.CYV, slot]
    uu, uv, vv = coupled[at.CUU, slot], coupled[at.CUV, slot], coupled[at.CVV, slot]
    coupled[at.CXX, slot] += dt * (2.0 * xu + dt * uu) + q0
    coupled[at.CXY, slot] += dt * (xv + yu + dt * uv)
    coupled[at.CYY, slot] += dt * (2.0 * yv + dt * vv) + q0
    coupled[at.CXU, slot] = xu + dt * uu
    coupled[at.CXV, slot] = xv + dt * uv
    coupled[at.CYU, slot] = yu + dt * uv
    coupled[at.CYV, slot] = yv + dt * vv
    coupled[at.CUU, slot] = uu + q1
    coupled[at.CVV, slot] = vv + q1


@inner
def correct_coupled(floats: Floats, coupled: Floats, slot: int, x: float, y: float, noise: float) -> None:
    """Update centre and velocity of `slot` with a measured centre of variance `noise` per axis."""
    xx, xy, yy = coupled[at.CXX, slot], coupled[at.CXY, slot], coupled[at.CYY, slot]
    xu, xv, yu, yv = coupled[at.CXU, slot], coupled[at.CXV, slot], coupled[at.CYU, slot], coupled[at.CYV, slot]
    sxx, syy = xx + noise, yy + noise
    det = sxx * syy - xy * xy
    ixx, ixy, iyy = syy / det, -xy / det, sxx / det
    dx, dy = x - floats[at.X, slot], y - floats[at.Y, slot]
    kxx, kxy = xx * ixx + xy * ixy, xx * ixy + xy * iyy  # gain rows: of x, y, then of u, v
    kyx, kyy = xy * ixx + yy * ixy, xy * ixy + yy * iyy
    kux, kuy = xu * ixx + yu * ixy, xu * ixy + yu * iyy
    kvx, kvy = xv * ixx + yv * ixy, xv * ixy + yv * iyy
    floats[at.X, slot] += kxx * dx + kxy * dy
    floats[at.Y, slot] += kyx * dx + kyy * dy
    floats[at.VX, slot] += kux * dx + kuy * dy
    floats[at.VY, slot] += kvx * dx + kvy * dy
    coupled[at.CXX, slot] = xx - kxx * xx - kxy * xy
    coupled[at.CXY, slot] = xy - kxx * xy - kxy * yy
    coupled[at.CYY, slot] = yy - kyx * xy - kyy * yy
    coupled[at.CXU, slot] = xu - kxx * xu - kxy * yu
    coupled[at.CXV, slot] = xv - kxx * xv - kxy * yv
    coupled[at.CYU, slot] = yu - kyx * xu - kyy * yu
    coupled[at.CYV, slot] = yv - kyx * xv - kyy * yv
    coupled[at.CUU, slot] -= kux * xu + kuy * yu
    coupled[at.CUV, slot] -= kux * xv + kuy * yv
    coupled[at.CVV, slot] -= kvx * xv + kvy * yv


@inner
def warp_coupled(coupled: Floats, slot: int, a: float, b: float, c: float, d: float) -> None:
    """Turn each two-by-two block M of `slot` into A M A' for A = [[a, b], [c, d]]."""
    for xx, xy, yx, yy in BLOCKS:
        p, q, r, s = coupled[xx, slot], coupled[xy, slot], coupled[yx, slot], coupled[yy, slot]
        coupled[xx, slot] = a * (a * p + b * r) + b * (a * q + b * s)
        coupled[xy, slot] = c * (a * p + b * r) + d * (a * q + b * s)
        coupled[yx, slot] = a * (c * p + d * r) + b * (c * q + d * s)
        coupled[yy, slot] = c * (c * p + d * r) + d * (c * q + d * s)
