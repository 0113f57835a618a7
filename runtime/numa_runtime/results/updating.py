"""New boxes or keypoints for a result that is there already, as `Results.update` takes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from numa_runtime.errors import UsageError
from numa_runtime.results.records import Detections
from numa_runtime.results.views import Boxes, Keypoints

_COLUMNS = "(n, 6) x1, y1, x2, y2, score, class or (n, 7) x1, y1, x2, y2, id, score, class"


def updated(records: Detections, shape: tuple[int, int], boxes: Any, keypoints: Any) -> Detections:
    """Return records with other boxes, other keypoints or both; row i of both is still one object.

    Args:
        records: what is there.
        shape: the frame's (height, width); boxes are cut at its edges.
        boxes: `Boxes`, or an array like `Boxes.data`; None keeps them.
        keypoints: `Keypoints`, or an array (n, K, 3) or (n, K, 2); None keeps them.

    Raises:
        UsageError: arrays of other shapes, or keypoints of another number of objects.
    """
    found = records if boxes is None else _boxes(boxes, shape)
    if keypoints is not None:
        return replace(found, keypoints=_keypoints(keypoints, len(found)))
    if boxes is None or isinstance(boxes, Boxes):
        return found
    if len(found) == len(records):
        return replace(found, keypoints=records.keypoints, features=records.features)
    if not len(found):
        return replace(found, keypoints=records.keypoints[:0])
    if records.keypoints.shape[1]:
        raise UsageError(
            f"{len(found)} boxes do not go with the keypoints of {len(records)} objects",
            hint="update(boxes=..., keypoints=...) replaces both; result[mask] keeps some of the objects",
        )
    return found


def _boxes(given: Any, shape: tuple[int, int]) -> Detections:
    if isinstance(given, Boxes):
        return given.records
    rows = np.asarray(given, np.float32)
    rows = rows.reshape(0, 6) if not rows.size else np.atleast_2d(rows)
    if rows.ndim != 2 or rows.shape[1] not in (6, 7):
        raise UsageError(f"boxes of shape {rows.shape} cannot be read", hint=f"give an array {_COLUMNS}")
    corners = np.clip(rows[:, :4], 0, np.array([shape[1], shape[0]] * 2, np.float32))
    found = Detections.of(corners, rows[:, -2], rows[:, -1])
    return found.with_ids(rows[:, 4]) if rows.shape[1] == 7 else found


def _keypoints(given: Any, count: int) -> Any:
    points = given.records.keypoints if isinstance(given, Keypoints) else np.asarray(given, np.float32)
    if points.ndim != 3 or len(points) != count or points.shape[2] not in (2, 3):
        raise UsageError(
            f"keypoints of shape {points.shape} do not go with {count} boxes", hint=f"give an array ({count}, K, 3)"
        )
    if points.shape[2] == 3:
        return points
    return np.concatenate([points, np.ones((*points.shape[:2], 1), np.float32)], axis=2)
