"""The similarity (turn, zoom, shift) that most point pairs agree on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.camera.base import NoMotionFoundError, Warp
from numa_runtime.vision.opencv import import_cv2

FEWEST_POINTS = 8
FEWEST_AGREEING = 0.25
_LARGEST_ERROR_PX = 1.5
_LARGEST_ZOOM = 2.0


def fit_similarity(before: NDArray[np.float32], after: NDArray[np.float32]) -> Warp:
    """Return the warp from one set of points to another: RANSAC, then least squares over those who agree.

    RANSAC after Fischler and Bolles 1981. OpenCV restarts its random numbers in each call: same points, same warp.

    Args:
        before: (n, 2).
        after: (n, 2), row i where point i went.

    Raises:
        NoMotionFoundError: fewer than 8 pairs, less than a quarter of them agreeing, or a zoom beyond 2.
    """
    if len(before) < FEWEST_POINTS:
        raise NoMotionFoundError(f"only {len(before)} points were found again")
    cv2 = import_cv2()
    warp, agreeing = cv2.estimateAffinePartial2D(
        before, after, method=cv2.RANSAC, ransacReprojThreshold=_LARGEST_ERROR_PX, maxIters=2000, confidence=0.995
    )
    if warp is None or not np.isfinite(warp).all():
        raise NoMotionFoundError(f"no motion fits the {len(before)} points that were found again")
    count = int(agreeing.sum())
    if count < max(FEWEST_POINTS, FEWEST_AGREEING * len(before)):
        raise NoMotionFoundError(f"only {count} of {len(before)} points agree on a motion")
    zoom = float(np.hypot(warp[0, 0], warp[1, 0]))
    if not 1 / _LARGEST_ZOOM <= zoom <= _LARGEST_ZOOM:
        raise NoMotionFoundError(f"the points that agree say a zoom of {zoom:.2f}, which no camera does in a frame")
    return np.asarray(warp, np.float64)
