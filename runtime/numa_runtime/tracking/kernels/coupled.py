"""The covariance of (x, y, vx, vy) once a camera warp has stretched one direction more than another.

Ten numbers per track in a block of their own, which is only made when such a warp first comes; the height
and the aspect keep their own two-by-two covariances in every case.
"""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats


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
    xx, xy, yy = coupled[at.CXX, slot], coupled[at.CXY, slot], coupled[at.CYY, slot]
    coupled[at.CXX, slot] = a * a * xx + 2.0 * a * b * xy + b * b * yy
    coupled[at.CXY, slot] = a * c * xx + (a * d + b * c) * xy + b * d * yy
    coupled[at.CYY, slot] = c * c * xx + 2.0 * c * d * xy + d * d * yy
    xx, xy, yy = coupled[at.CUU, slot], coupled[at.CUV, slot], coupled[at.CVV, slot]
    coupled[at.CUU, slot] = a * a * xx + 2.0 * a * b * xy + b * b * yy
    coupled[at.CUV, slot] = a * c * xx + (a * d + b * c) * xy + b * d * yy
    coupled[at.CVV, slot] = c * c * xx + 2.0 * c * d * xy + d * d * yy
    xu, xv, yu, yv = coupled[at.CXU, slot], coupled[at.CXV, slot], coupled[at.CYU, slot], coupled[at.CYV, slot]
    coupled[at.CXU, slot] = a * (a * xu + b * xv) + b * (a * yu + b * yv)
    coupled[at.CXV, slot] = a * (c * xu + d * xv) + b * (c * yu + d * yv)
    coupled[at.CYU, slot] = c * (a * xu + b * xv) + d * (a * yu + b * yv)
    coupled[at.CYV, slot] = c * (c * xu + d * xv) + d * (c * yu + d * yv)
