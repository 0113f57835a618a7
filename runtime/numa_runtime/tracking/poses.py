"""Keypoints of detections, checked and brought into the form in which the kernels compare them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.results import Detections, Results
from numa_runtime.tracking.kernels import layout as at

Floats = NDArray[np.float64]

COCO_SIGMAS = (26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89)
"""COCO's spread of annotators about each keypoint, in thousandths of an object's size (nose, eyes, ears, ...)."""

OTHER_SIGMA = 0.067
"""The same for every keypoint of another skeleton: the mean of COCO's."""


def sigmas_of(keypoints: int) -> Floats:
    """Return float64 (keypoints,), the standard deviation of each in sizes (the root of the area) of an object."""
    if keypoints == len(COCO_SIGMAS):
        return np.array(COCO_SIGMAS, np.float64) / 1000
    return np.full(keypoints, OTHER_SIGMA)


def keypoints_of(detections: Any) -> NDArray[Any] | None:
    """Return the keypoints that `Results` or `Detections` bring, (n, K, 3), or None."""
    found = detections.detections if isinstance(detections, Results) else detections
    if isinstance(found, Detections) and found.keypoints.shape[1]:
        return found.keypoints
    return None


def as_points(keypoints: Any, rows: Floats, known: int) -> Floats:
    """Return keypoints (n, K, 2 or 3) as float64 (n, K * POINT): x, y, 1 / (2 s^2 k^2); zeros where not seen.

    x and y are relative to the centre and the sides of the detection's box. A keypoint is seen if its coordinates are
    finite and its third number, if there is one, is above 0. s^2 is the area of the detection's box, k twice the sigma
    of `sigmas_of`.

    Args:
        keypoints: the caller's, pixels.
        rows: the detections (n, 6).
        known: the K of the frames before, 0 if there was none.

    Raises:
        TrackerError: not numbers, not K points per detection, another K than before, or rotated boxes.
    """
    if rows.shape[1] == 7:
        raise TrackerError(
            "keypoints of rotated boxes cannot be compared: pose_weight is for upright ones",
            hint="omit keypoints, or give upright boxes",
        )
    try:
        points = np.array(keypoints, np.float64)
    except (TypeError, ValueError):
        points = np.zeros(0)
    if len(rows) == 0 and points.size == 0:
        return np.zeros((0, at.POINT * known))
    if points.ndim != 3 or len(points) != len(rows) or points.shape[1] == 0 or points.shape[2] not in (2, 3):
        raise TrackerError(
            f"keypoints of shape {np.shape(keypoints)} do not go with {len(rows)} detections",
            hint=f"give x, y (and visibility) of K points per detection: ({len(rows)}, K, 2) or ({len(rows)}, K, 3)",
        )
    if known and points.shape[1] != known:
        raise TrackerError(
            f"there are {points.shape[1]} keypoints per detection, in the frames before there were {known}",
            hint="use one pose network per stream, or reset()",
        )
    with np.errstate(all="ignore"):
        sides = rows[:, None, 2:4] - rows[:, None, :2]
        places = (points[..., :2] - 0.5 * (rows[:, None, 2:4] + rows[:, None, :2])) / sides
        sharpness = 1.0 / (2.0 * sides.prod(axis=2) * (2.0 * sigmas_of(points.shape[1])) ** 2)
        seen = (
            (np.abs(points[..., :2]) <= at.LARGEST_PIXEL).all(axis=2)
            & np.isfinite(places).all(axis=2)
            & (sharpness > 0)
        )
        if points.shape[2] == 3:
            seen &= points[..., 2] > 0
    triples = np.where(seen[..., None], np.concatenate([places, sharpness[..., None]], axis=2), 0.0)
    return np.ascontiguousarray(triples.reshape(len(rows), -1))
