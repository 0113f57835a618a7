"""What `Tracker.update` accepts as detections, turned into one float64 array."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.results import Detections, Results
from numa_runtime.tracking.adapters import CORNERS, from_corners

LAYOUTS = "(n, 6) x1, y1, x2, y2, score, class or rotated (n, 7) cx, cy, w, h, angle, score, class"


def as_rows(detections: Any) -> NDArray[np.float64]:
    """Return detections as C-contiguous float64 (n, 6) or, rotated, (n, 7).

    Takes `Results`, `results.Detections`, `supervision.Detections` (known by their attributes; rotated where their
    data hold corners) and anything numeric that numpy reads; an empty list is (0, 6).

    Raises:
        TrackerError: not numbers, or not of these shapes.
    """
    if isinstance(detections, Results):
        return detections.detections.rows()
    if isinstance(detections, Detections):
        return detections.rows()
    if hasattr(detections, "xyxy") and hasattr(detections, "confidence"):
        return _from_supervision(detections)
    return _from_array(detections)


def _from_supervision(found: Any) -> NDArray[np.float64]:
    boxes = np.asarray(found.xyxy, np.float64).reshape(-1, 4)
    if found.confidence is None:
        if len(boxes):
            raise TrackerError(
                "these supervision.Detections have no confidence, which a tracker needs",
                hint="set detections.confidence to scores from 0 to 1",
            )
        return np.zeros((0, 6))
    classes = np.zeros(len(boxes)) if found.class_id is None else found.class_id
    if len(boxes) and CORNERS in getattr(found, "data", {}):
        boxes = from_corners(found.data[CORNERS])
    return np.ascontiguousarray(np.column_stack([boxes, found.confidence, classes]).astype(np.float64))


def _from_array(values: Any) -> NDArray[np.float64]:
    try:
        array = np.asarray(values)
        numeric = array.dtype.kind in "iuf" or (array.size == 0 and array.dtype.kind == "O")
        rows = np.array(array, np.float64, order="C", ndmin=1, copy=True) if numeric else None
    except (TypeError, ValueError):
        rows = None
    if rows is None:
        kind = getattr(values, "dtype", type(values).__name__)
        raise TrackerError(f"detections of type {kind} are not numbers", hint=f"give an array {LAYOUTS}")
    if is_nothing(rows):
        return rows if rows.shape[-1] == 7 else np.zeros((0, 6))
    if rows.ndim != 2 or rows.shape[1] not in (6, 7):
        raise wrong_shape(rows.shape)
    return rows


def is_nothing(array: NDArray[Any]) -> bool:
    """Whether an array is how people say "nothing found": [], [[]], or no rows of any number of columns."""
    return array.shape in ((0,), (1, 0)) or (array.ndim == 2 and len(array) == 0)


def wrong_shape(shape: tuple[int, ...]) -> TrackerError:
    """Return the error for detections of `shape`."""
    return TrackerError(f"detections of shape {shape} cannot be read", hint=f"give an array {LAYOUTS}")


def as_warp(warp: Any) -> NDArray[np.float64]:
    """Return a camera warp as float64 (2, 3).

    Raises:
        TrackerError: another shape, not finite, or a warp that flattens the image.
    """
    try:
        matrix = np.array(warp, np.float64, order="C")
    except (TypeError, ValueError):
        matrix = np.zeros(0)
    if matrix.shape != (2, 3) or not np.isfinite(matrix).all():
        raise TrackerError(
            f"warp must be a finite (2, 3) matrix from last frame's pixels to this frame's, not {warp!r}",
            hint="cv2.estimateAffinePartial2D returns one",
        )
    if abs(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]) < 1e-6:
        raise TrackerError(
            f"warp {matrix.tolist()} flattens the image (its determinant is 0)", hint="pass warp=None when it failed"
        )
    return matrix


def as_features(features: Any, count: int, width: int) -> NDArray[np.float64]:
    """Return appearance vectors as float64 (count, D), each of length 1 (or 0).

    Args:
        features: the caller's vectors.
        count: how many detections the frame has.
        width: the D of the frames before, 0 if there was none.

    Raises:
        TrackerError: not numbers, not one vector per detection, not finite, or of another width than before.
    """
    try:
        vectors = np.array(features, np.float64, order="C")
    except (TypeError, ValueError):
        vectors = np.zeros(0)
    if count == 0 and vectors.size == 0:
        return np.zeros((0, width))
    if vectors.ndim != 2 or len(vectors) != count or vectors.shape[1] == 0:
        raise TrackerError(
            f"features of shape {np.shape(features)} do not go with {count} detections",
            hint=f"give one vector per detection, in their order: ({count}, D)",
        )
    if width and vectors.shape[1] != width:
        raise TrackerError(
            f"features have {vectors.shape[1]} numbers each, those of the frames before had {width}",
            hint="use one appearance network per stream, or reset()",
        )
    if not np.isfinite(vectors).all():
        row = int(np.flatnonzero(~np.isfinite(vectors).all(axis=1))[0])
        raise TrackerError(f"the features of detection {row} are not finite", hint="give zeros where there is no crop")
    vectors /= np.abs(vectors).max(axis=1, keepdims=True, initial=np.finfo(float).tiny)  # squares stay finite
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(float).tiny)
    return vectors
