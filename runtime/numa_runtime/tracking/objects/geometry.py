"""Boxes in the layouts existing code uses, and as the core measures them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.kernels.layout import Floats


def cornered(x: float, y: float, w: float, h: float) -> Floats:
    """Return left, top, width, height from centre and size."""
    return np.array([x - 0.5 * w, y - 0.5 * h, w, h])


def centred(tlwh: ArrayLike) -> Floats:
    """Return centre x, centre y, width, height."""
    x, y, w, h = np.asarray(tlwh, np.float64)
    return np.array([x + 0.5 * w, y + 0.5 * h, w, h])


def xyah(tlwh: ArrayLike) -> Floats:
    """Return centre x, centre y, aspect (width / height), height."""
    x, y, w, h = centred(tlwh)
    return np.array([x, y, w / h, h])


def sized(box: ArrayLike) -> Floats:
    """Return centre x, centre y, width, height from centre, aspect and height."""
    x, y, a, h = np.asarray(box, np.float64)
    return np.array([x, y, a * h, h])


def measured_row(xywh: Floats, score: float, cls: float) -> Floats:
    """Return a box as the core measures it: a row (N_MEASURED,).

    Args:
        xywh: centre x, centre y, width, height, index, or with the angle (radians) before the index.
        score: 0-1.
        cls: class number.

    Raises:
        TrackerError: a number that is not finite.
    """
    x, y, w, h = (float(v) for v in xywh[:4])
    if len(xywh) == 6:
        row = [x, y, w, h, float(xywh[4]), score, cls]
    else:
        row = [x - 0.5 * w, y - 0.5 * h, x + 0.5 * w, y + 0.5 * h, score, cls]
    measured: Floats = np.zeros(at.N_MEASURED)
    if not single.read_detections(np.array([row]), measured[None], True):
        raise TrackerError(f"box {row} is not finite", hint="drop such detections before tracking")
    measured[at.M_INDEX] = xywh[-1]
    return measured
