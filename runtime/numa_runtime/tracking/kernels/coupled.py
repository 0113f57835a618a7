"""The covariance of (x, y, vx, vy) once a camera warp has stretched one direction more than another.

Ten numbers per track in a block of their own, which is only made when such a warp first comes; the height
and the aspect keep their own two-by-two covariances in every case.
"""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import rare
from numa_runtime.tracking.kernels.layout import Floats

# The numbers of its two-by-two blocks: position, position with velocity, velocity. The first and last are symmetric.
BLOCKS = (
    (at.CXX, at.CXY, at.CXY, at.CYY),
    (at.CXU, at.CXV, at.CYU, at.CYV),
    (at.CUU, at.CUV, at.CUV, at.CVV),
)


@rare
def couple(floats: Floats, coupled: Floats, slot: int, wide: bool) -> None:
    """Write the shared covariance of `slot` out as a coupled one (the two are equal at this moment)."""
    first = at.A00 if wide else at.P00  # whose covariance is that of x
    p00, p01, p11 = floats[slot, at.P00], floats[slot, at.P01], floats[slot, at.P11]
    coupled[slot, at.CXX], coupled[slot, at.CXY], coupled[slot, at.CYY] = floats[slot, first], 0.0, p00
    coupled[slot, at.CXU], coupled[slot, at.CXV] = floats[slot, first + 1], 0.0
    coupled[slot, at.CYU], coupled[slot, at.CYV] = 0.0, p01
    coupled[slot, at.CUU], coupled[slot, at.CUV], coupled[slot, at.CVV] = floats[slot, first + 2], 0.0, p11


@rare
def predict_coupled(coupled: Floats, slot: int, dt: float, qx: float, qu: float, qy: float, qv: float) -> None:
    """Add `dt` nominal frames; q are the process variances of x, vx, y and vy."""
    xu, xv, yu, yv = coupled[slot, at.CXU], coupled[slot, at.CXV], coupled[slot, at.CYU], coupled[slot, at.CYV]
    uu, uv, vv = coupled[slot, at.CUU], coupled[slot, at.CUV], coupled[slot, at.CVV]
    coupled[slot, at.CXX] += dt * (2.0 * xu + dt * uu) + qx
    coupled[slot, at.CXY] += dt * (xv + yu + dt * uv)
    coupled[slot, at.CYY] += dt * (2.0 * yv + dt * vv) + qy
    coupled[slot, at.CXU] = xu + dt * uu
    coupled[slot, at.CXV] = xv + dt * uv
    coupled[slot, at.CYU] = yu + dt * uv
    coupled[slot, at.CYV] = yv + dt * vv
    coupled[slot, at.CUU] = uu + qu
    coupled[slot, at.CVV] = vv + qv


@rare
def correct_coupled(
    floats: Floats, coupled: Floats, slot: int, x: float, y: float, noise_x: float, noise_y: float
) -> None:
    """Update centre and velocity of `slot` with a measured centre of these variances."""
    xx, xy, yy = coupled[slot, at.CXX], coupled[slot, at.CXY], coupled[slot, at.CYY]
    xu, xv, yu, yv = coupled[slot, at.CXU], coupled[slot, at.CXV], coupled[slot, at.CYU], coupled[slot, at.CYV]
    sxx, syy = xx + noise_x, yy + noise_y
    det = sxx * syy - xy * xy
    ixx, ixy, iyy = syy / det, -xy / det, sxx / det
    residual_x, residual_y = x - floats[slot, at.X], y - floats[slot, at.Y]
    kxx, kxy = xx * ixx + xy * ixy, xx * ixy + xy * iyy  # gain rows: of x, y, then of u, v
    kyx, kyy = xy * ixx + yy * ixy, xy * ixy + yy * iyy
    kux, kuy = xu * ixx + yu * ixy, xu * ixy + yu * iyy
    kvx, kvy = xv * ixx + yv * ixy, xv * ixy + yv * iyy
    floats[slot, at.X] += kxx * residual_x + kxy * residual_y
    floats[slot, at.Y] += kyx * residual_x + kyy * residual_y
    floats[slot, at.VX] += kux * residual_x + kuy * residual_y
    floats[slot, at.VY] += kvx * residual_x + kvy * residual_y
    coupled[slot, at.CXX] = xx - kxx * xx - kxy * xy
    coupled[slot, at.CXY] = xy - kxx * xy - kxy * yy
    coupled[slot, at.CYY] = yy - kyx * xy - kyy * yy
    coupled[slot, at.CXU] = xu - kxx * xu - kxy * yu
    coupled[slot, at.CXV] = xv - kxx * xv - kxy * yv
    coupled[slot, at.CYU] = yu - kyx * xu - kyy * yu
    coupled[slot, at.CYV] = yv - kyx * xv - kyy * yv
    coupled[slot, at.CUU] -= kux * xu + kuy * yu
    coupled[slot, at.CUV] -= kux * xv + kuy * yv
    coupled[slot, at.CVV] -= kvx * xv + kvy * yv


@rare
def warp_coupled(coupled: Floats, slot: int, a: float, b: float, c: float, d: float) -> None:
    """Turn each two-by-two block M of `slot` into A M A' for A = [[a, b], [c, d]]."""
    for xx, xy, yx, yy in BLOCKS:
        m_xx, m_xy, m_yx, m_yy = coupled[slot, xx], coupled[slot, xy], coupled[slot, yx], coupled[slot, yy]
        coupled[slot, xx] = a * (a * m_xx + b * m_yx) + b * (a * m_xy + b * m_yy)
        coupled[slot, xy] = c * (a * m_xx + b * m_yx) + d * (a * m_xy + b * m_yy)
        coupled[slot, yx] = a * (c * m_xx + d * m_yx) + b * (c * m_xy + d * m_yy)
        coupled[slot, yy] = c * (c * m_xx + d * m_yx) + d * (c * m_xy + d * m_yy)
