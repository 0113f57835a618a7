"""IoU of upright boxes, probabilistic IoU of rotated ones, and the shapes both need."""

from __future__ import annotations

from math import cos, exp, inf, log, log1p, sin, sqrt

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats, Ints


@inner
def reach_of_limit(limit: float) -> float:
    """Return how many standard deviations a rotated box reaches while its cost can stay below `limit`.

    The Bhattacharyya distance is at least an eighth of (centre distance)^2 over the mean variance along any
    axis, and cost = sqrt(1 - exp(-distance)) < limit bounds it by B = -ln(1 - limit^2). So two boxes whose
    centres are farther apart than 2 sqrt(B) (s1 + s2) along x or y cannot match; infinite for limit >= 1.
    """
    return inf if limit >= 1.0 else 2.0 * sqrt(-log1p(-limit * limit)) * (1.0 + 1e-9)


@inner
def set_shape(
    shape: Floats, i: int, x: float, y: float, w: float, h: float, angle: float, rotated: bool, reach: float
) -> None:
    """Write box (x, y, w, h, angle) into column `i` of `shape`: its reach, and its Gaussian if rotated."""
    if not rotated:
        shape[at.S_X1, i], shape[at.S_Y1, i] = x - 0.5 * w, y - 0.5 * h
        shape[at.S_X2, i], shape[at.S_Y2, i] = x + 0.5 * w, y + 0.5 * h
        shape[at.S_AREA, i] = w * h
        return
    c, s = cos(angle), sin(angle)
    along, across = w * w / 12.0, h * h / 12.0  # a uniform box's variances (Llerena et al. 2021, "ProbIoU")
    xx, yy = along * c * c + across * s * s, along * s * s + across * c * c
    shape[at.S_X, i], shape[at.S_Y, i] = x, y
    shape[at.S_XX, i], shape[at.S_XY, i], shape[at.S_YY, i] = xx, (along - across) * c * s, yy
    shape[at.S_AREA, i] = along * across  # the determinant, without cancellation
    half_x, half_y = reach * sqrt(xx), reach * sqrt(yy)
    shape[at.S_X1, i], shape[at.S_X2, i] = x - half_x, x + half_x
    shape[at.S_Y1, i], shape[at.S_Y2, i] = y - half_y, y + half_y


@inner
def shape_tracks(floats: Floats, ints: Ints, slots: Ints, shape: Floats, rotated: bool, limit: float) -> None:
    """Write the predicted boxes of the tracks in `slots` into columns 0, 1, ... of `shape`."""
    reach = reach_of_limit(limit)
    for i in range(len(slots)):
        slot = slots[i]
        h = floats[at.H, slot]
        w = floats[at.A, slot] * h
        set_shape(shape, i, floats[at.X, slot], floats[at.Y, slot], w, h, floats[at.ANGLE, slot], rotated, reach)
        shape[at.S_SCORE, i] = 1.0
        shape[at.S_CLASS, i] = ints[at.CLASS, slot]


@inner
def shape_detections(measured: Floats, columns: Ints, shape: Floats, rotated: bool, limit: float) -> None:
    """Write the detections `columns` of `measured` into columns 0, 1, ... of `shape`."""
    reach = reach_of_limit(limit)
    for i in range(len(columns)):
        k = columns[i]
        if rotated:
            h = measured[at.M_H, k]
            w = measured[at.M_A, k] * h
            set_shape(shape, i, measured[at.M_X, k], measured[at.M_Y, k], w, h, measured[at.M_ANGLE, k], rotated, reach)
        else:
            x1, y1, x2, y2 = measured[at.M_X1, k], measured[at.M_Y1, k], measured[at.M_X2, k], measured[at.M_Y2, k]
            shape[at.S_X1, i], shape[at.S_Y1, i], shape[at.S_X2, i], shape[at.S_Y2, i] = x1, y1, x2, y2
            shape[at.S_AREA, i] = (x2 - x1) * (y2 - y1)
        shape[at.S_SCORE, i] = measured[at.M_SCORE, k]
        shape[at.S_CLASS, i] = measured[at.M_CLASS, k]


@inner
def probabilistic_iou(rows: Floats, i: int, columns: Floats, j: int) -> float:
    """Return the probabilistic IoU of two rotated boxes: 1 - Hellinger distance of their Gaussians."""
    xx = rows[at.S_XX, i] + columns[at.S_XX, j]
    yy = rows[at.S_YY, i] + columns[at.S_YY, j]
    xy = rows[at.S_XY, i] + columns[at.S_XY, j]
    dx, dy = rows[at.S_X, i] - columns[at.S_X, j], rows[at.S_Y, i] - columns[at.S_Y, j]
    det = xx * yy - xy * xy
    distance = 0.25 * (yy * dx * dx - 2.0 * xy * dx * dy + xx * dy * dy) / det
    distance += 0.5 * log(0.25 * det / sqrt(rows[at.S_AREA, i] * columns[at.S_AREA, j]))
    return 1.0 - sqrt(max(0.0, 1.0 - exp(-distance)))


@inner
def upright_iou(rows: Floats, i: int, columns: Floats, j: int) -> float:
    """Return the IoU of two upright boxes; 0 where they do not overlap."""
    w = min(rows[at.S_X2, i], columns[at.S_X2, j]) - max(rows[at.S_X1, i], columns[at.S_X1, j])
    h = min(rows[at.S_Y2, i], columns[at.S_Y2, j]) - max(rows[at.S_Y1, i], columns[at.S_Y1, j])
    if not (w > 0.0 and h > 0.0):
        return 0.0
    inter = w * h
    return float(inter / (rows[at.S_AREA, i] + columns[at.S_AREA, j] - inter))
