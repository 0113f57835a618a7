"""Corners of the last frame, followed into this one by optical flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.camera.base import NoMotionFoundError, Warp
from numa_runtime.tracking.camera.similarity import fit_similarity
from numa_runtime.tracking.camera.view import View
from numa_runtime.vision.opencv import import_cv2

_MOST_CORNERS = 400
_WINDOW = (21, 21)
_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Corners:
    """A view and its corners: float32 (n, 2) x, y."""

    view: View
    points: NDArray[np.float32]


class SparseFlow:
    """Corners as Shi and Tomasi 1994 find them, pyramidal flow of Lucas and Kanade (Bouguet 2001)."""

    def look(self, view: View) -> Corners:
        """Find the corners of one frame, outside of what moves by itself."""
        cv2 = import_cv2()
        found = cv2.goodFeaturesToTrack(
            view.grey, maxCorners=_MOST_CORNERS, qualityLevel=0.01, minDistance=8, mask=view.mask, blockSize=3
        )
        points = np.zeros((0, 2), np.float32) if found is None else found.reshape(-1, 2)
        return Corners(view, points)

    def align(self, last: Corners, now: Corners) -> Warp:
        """Return the warp between two views.

        Raises:
            NoMotionFoundError: too few corners, or corners that do not agree.
        """
        if not len(last.points):
            raise NoMotionFoundError("the last frame has no corners")
        cv2 = import_cv2()
        points, status, _ = cv2.calcOpticalFlowPyrLK(
            last.view.grey, now.view.grey, last.points, None, winSize=_WINDOW, maxLevel=_LEVELS
        )
        kept = (status.ravel() == 1) & _is_visible(points, now.view)
        return fit_similarity(last.points[kept], points[kept])


def _is_visible(points: NDArray[np.float32], view: View) -> NDArray[np.bool_]:
    """Return which points lie inside a view, and not on something that moves by itself."""
    cells = np.rint(points).astype(np.int64)
    rows, columns = view.grey.shape
    inside: NDArray[np.bool_] = (cells >= 0).all(1) & (cells[:, 0] < columns) & (cells[:, 1] < rows)
    if view.mask is not None:
        inside[inside] = view.mask[cells[inside, 1], cells[inside, 0]] > 0
    return inside
