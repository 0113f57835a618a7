"""IoU of upright boxes, probabilistic IoU of rotated ones, and the shapes both need."""

from __future__ import annotations

from math import cos, exp, inf, log, log1p, sin, sqrt

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.noise import sides


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
    """Write box (x, y, w, h, angle) into row `i` of `shape`: its reach, and its Gaussian if rotated."""
    if not rotated:
        shape[i, at.S_X1], shape[i, at.S_Y1] = x - 0.5 * w, y - 0.5 * h
        shape[i, at.S_X2], shape[i, at.S_Y2] = x + 0.5 * w, y + 0.5 * h
        shape[i, at.S_AREA] = w * h
        return
    c, s = cos(angle), sin(angle)
    along, across = w * w / 12.0, h * h / 12.0  # a uniform box's variances (Llerena et al. 2021, "ProbIoU")
    xx, yy = along * c * c + across * s * s, along * s * s + across * c * c
    shape[i, at.S_X], shape[i, at.S_Y] = x, y
    shape[i, at.S_XX], shape[i, at.S_XY], shape[i, at.S_YY] = xx, (along - across) * c * s, yy
    shape[i, at.S_AREA] = along * across  # the determinant, without cancellation
    half_x, half_y = reach * sqrt(xx), reach * sqrt(yy)
    shape[i, at.S_X1], shape[i, at.S_X2] = x - half_x, x + half_x
    shape[i, at.S_Y1], shape[i, at.S_Y2] = y - half_y, y + half_y


@inner
def shape_tracks(floats: Floats, ints: Ints, slots: Ints, shape: Floats, rotated: bool, limit: float) -> None:
    """Write the predicted boxes of the tracks in `slots` into rows 0, 1, ... of `shape`."""
    reach = reach_of_limit(limit)
    for i in range(len(slots)):
        slot = slots[i]
        w, h = sides(ints[slot, at.KIND], floats[slot, at.A], floats[slot, at.H])
        set_shape(shape, i, floats[slot, at.X], floats[slot, at.Y], w, h, floats[slot, at.ANGLE], rotated, reach)
        shape[i, at.S_SCORE] = 1.0
        shape[i, at.S_CLASS] = ints[slot, at.CLASS]


@inner
def shape_detections(measured: Floats, detections: Ints, shape: Floats, rotated: bool, limit: float) -> None:
    """Write `detections`, rows of `measured`, into rows 0, 1, ... of `shape`."""
    reach = reach_of_limit(limit)
    for i in range(len(detections)):
        detection = detections[i]
        if rotated:
            h = measured[detection, at.M_H]
            w = measured[detection, at.M_A] * h
            x, y, angle = measured[detection, at.M_X], measured[detection, at.M_Y], measured[detection, at.M_ANGLE]
            set_shape(shape, i, x, y, w, h, angle, rotated, reach)
        else:
            x1, y1 = measured[detection, at.M_X1], measured[detection, at.M_Y1]
            x2, y2 = measured[detection, at.M_X2], measured[detection, at.M_Y2]
            shape[i, at.S_X1], shape[i, at.S_Y1], shape[i, at.S_X2], shape[i, at.S_Y2] = x1, y1, x2, y2
            shape[i, at.S_AREA] = (x2 - x1) * (y2 - y1)
        shape[i, at.S_SCORE] = measured[detection, at.M_SCORE]
        shape[i, at.S_CLASS] = measured[detection, at.M_CLASS]


@rare
def enlarge(shape: Floats, n: int, buffer: float, rotated: bool) -> None:
    """Let the first `n` boxes of `shape` grow by `buffer` of their width and height on each side (Yang et al. 2023)."""
    grown = (1.0 + 2.0 * buffer) ** 2
    for i in range(n):
        beyond_x = buffer * (shape[i, at.S_X2] - shape[i, at.S_X1])
        beyond_y = buffer * (shape[i, at.S_Y2] - shape[i, at.S_Y1])
        shape[i, at.S_X1], shape[i, at.S_X2] = shape[i, at.S_X1] - beyond_x, shape[i, at.S_X2] + beyond_x
        shape[i, at.S_Y1], shape[i, at.S_Y2] = shape[i, at.S_Y1] - beyond_y, shape[i, at.S_Y2] + beyond_y
        shape[i, at.S_AREA] *= grown
        if rotated:  # there it is the determinant of the variances
            shape[i, at.S_AREA] *= grown
            for number in range(at.S_XX, at.S_YY + 1):
                shape[i, number] *= grown


@rare
def probabilistic_iou(rows: Floats, i: int, columns: Floats, j: int) -> float:
    """Return the probabilistic IoU of two rotated boxes: 1 - Hellinger distance of their Gaussians."""
    xx = rows[i, at.S_XX] + columns[j, at.S_XX]
    yy = rows[i, at.S_YY] + columns[j, at.S_YY]
    xy = rows[i, at.S_XY] + columns[j, at.S_XY]
    across, down = rows[i, at.S_X] - columns[j, at.S_X], rows[i, at.S_Y] - columns[j, at.S_Y]
    det = xx * yy - xy * xy
    distance = 0.25 * (yy * across * across - 2.0 * xy * across * down + xx * down * down) / det
    distance += 0.5 * log(0.25 * det / sqrt(rows[i, at.S_AREA] * columns[j, at.S_AREA]))
    return 1.0 - sqrt(max(0.0, 1.0 - exp(-distance)))


@inner
def upright_iou(rows: Floats, i: int, columns: Floats, j: int) -> float:
    """Return the IoU of two upright boxes; 0 where they do not overlap."""
    w = min(rows[i, at.S_X2], columns[j, at.S_X2]) - max(rows[i, at.S_X1], columns[j, at.S_X1])
    h = min(rows[i, at.S_Y2], columns[j, at.S_Y2]) - max(rows[i, at.S_Y1], columns[j, at.S_Y1])
    if not (w > 0.0 and h > 0.0):
        return 0.0
    inter = w * h
    return float(inter / (rows[i, at.S_AREA] + columns[j, at.S_AREA] - inter))
