"""A frame as the methods look at it: grey, smaller, and without what moves by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.camera.base import Warp
from numa_runtime.vision.opencv import import_cv2


@dataclass(frozen=True, slots=True)
class View:
    """grey: uint8 (h, w). mask: uint8 (h, w), 255 where the scene may be looked at, or None for everywhere."""

    grey: NDArray[np.uint8]
    mask: NDArray[np.uint8] | None


def take_view(frame: NDArray[np.uint8], boxes: Any, downscale: int) -> View:
    """Return the view of a checked frame, made smaller.

    At most downscale - 1 rows and columns at the lower and right edge are cut off, so that the scale is exact.

    Args:
        frame: uint8 (h, w, 3) BGR or (h, w).
        boxes: (n, 4) x1, y1, x2, y2 in the frame's pixels, or None.
        downscale: the sides are divided by it.

    Raises:
        TrackerError: boxes of another shape or type.
    """
    cv2 = import_cv2()
    rows, columns = frame.shape[0] // downscale, frame.shape[1] // downscale
    grey: NDArray[np.uint8] = frame
    if downscale > 1:
        whole = frame[: rows * downscale, : columns * downscale]
        grey = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    if grey.ndim == 3:
        grey = cv2.cvtColor(grey, cv2.COLOR_BGR2GRAY)
    elif grey is frame:
        grey = frame.copy()  # the caller may write into it before the next call
    return View(grey, _mask(boxes, grey.shape, downscale))


def scale_back(warp: Warp, downscale: int) -> Warp:
    """Return a warp between views as the warp between frames.

    A view's pixel u covers the frame's pixels around s u + c, c = (s - 1) / 2, so that p' = A p + t between views
    is p' = A p + s t + (I - A) c between frames.
    """
    corner = np.full(2, (downscale - 1) / 2)
    turn, shift = warp[:, :2], warp[:, 2]
    return np.column_stack([turn, downscale * shift + corner - turn @ corner])


def check_frame(frame: Any) -> None:
    """Make sure that something is a frame.

    Raises:
        TrackerError: another shape or type than uint8 (h, w, 3) or (h, w).
    """
    shape, dtype = getattr(frame, "shape", None), getattr(frame, "dtype", None)
    if shape is None or dtype != np.uint8 or not (len(shape) == 2 or (len(shape) == 3 and shape[2] == 3)):
        what = f"{dtype} {shape}" if shape is not None else type(frame).__name__
        raise TrackerError(
            f"a frame of {what} cannot be compared with the last one", hint="give uint8 (h, w, 3) BGR or (h, w) grey"
        )


def _mask(boxes: Any, shape: tuple[int, ...], downscale: int) -> NDArray[np.uint8] | None:
    if boxes is None:
        return None
    corners = np.asarray(boxes)
    if corners.size == 0:
        return None
    if corners.ndim != 2 or corners.shape[1] != 4 or corners.dtype.kind not in "iuf":
        raise TrackerError(
            f"boxes of {corners.dtype} {corners.shape} cannot be masked out of a frame",
            hint="give (n, 4) x1, y1, x2, y2",
        )
    corners = corners[np.isfinite(corners).all(1)] / downscale
    edges = np.tile(shape[1::-1], 2)
    low = np.clip(np.floor(corners[:, :2]), 0, edges[:2]).astype(int)
    high = np.clip(np.ceil(corners[:, 2:]), 0, edges[2:]).astype(int)
    mask = np.full(shape, 255, np.uint8)
    for (x1, y1), (x2, y2) in zip(low, high, strict=True):
        mask[y1:y2, x1:x2] = 0
    return mask
