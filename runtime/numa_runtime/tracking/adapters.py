"""A tracker's rows as `supervision.Detections`; the way in is `Tracker.update` itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.results.supervision import CLASS_NAME, class_names, import_supervision

if TYPE_CHECKING:
    import supervision

CORNERS = "xyxyxyxy"
"""supervision's own key for the corners of rotated boxes in `data`, float (n, 4, 2)."""


def to_supervision(
    tracks: ArrayLike, *, names: Mapping[int, str] | None = None, detections: Any = None
) -> supervision.Detections:
    """Return the rows of `Tracker.update` as `supervision.Detections` with their tracker_id.

    Rotated boxes are kept whole: data["xyxyxyxy"] holds their corners (m, 4, 2), as supervision's annotators read them,
    and `Tracker.update` takes them back in as rotated boxes. xyxy, which supervision wants of every detection, is the
    upright box around them.

    Args:
        tracks: (m, 8), or rotated (m, 9); data["index"] is -1 for a track without a detection in this frame.
        names: class names; they go into data["class_name"].
        detections: the `supervision.Detections` that were tracked. With them the answer is those very detections, with
            their own boxes, masks and data, that have a track (tracks without one are left out); without, the boxes are
            the tracker's.

    Raises:
        TrackerError: other columns, or an index that `detections` do not have.
        MissingExtra: supervision is not installed.
    """
    rows = np.asarray(tracks, np.float64)
    if rows.ndim != 2 or rows.shape[1] not in (8, 9):
        raise TrackerError(
            f"tracks of shape {rows.shape} cannot be read",
            hint="give what Tracker.update returned: (m, 8), or (m, 9) for rotated boxes",
        )
    index, ids = rows[:, -1].astype(np.int64), rows[:, -4].astype(np.int64)
    if detections is not None:
        return _chosen(detections, index, ids)
    classes = rows[:, -2].astype(np.int64)
    data: dict[str, Any] = {"index": index}
    if names is not None:
        data[CLASS_NAME] = class_names(classes, names)
    boxes = rows[:, :4]
    if rows.shape[1] == 9:
        data[CORNERS] = corners(rows[:, :5]).astype(np.float32)
        boxes = np.concatenate([data[CORNERS].min(axis=1), data[CORNERS].max(axis=1)], axis=1)
    return import_supervision().Detections(
        xyxy=boxes.astype(np.float32),
        confidence=rows[:, -3].astype(np.float32),
        class_id=classes,
        tracker_id=ids,
        data=data,
    )


def _chosen(detections: Any, index: NDArray[np.int64], ids: NDArray[np.int64]) -> Any:
    if len(index) and index.max() >= len(detections):
        raise TrackerError(
            f"track row {int(index.argmax())} is of detection {index.max()}, but there are {len(detections)}",
            hint="give the detections of the same frame",
        )
    seen = index >= 0
    chosen = detections[index[seen]]
    chosen.tracker_id = ids[seen]
    return chosen


def corners(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the corners (n, 4, 2) of rotated boxes (n, 5) cx, cy, w, h, angle in radians, from top left on."""
    cx, cy, w, h, angle = boxes.T
    along = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (w / 2)[:, None]
    across = np.stack([-np.sin(angle), np.cos(angle)], axis=1) * (h / 2)[:, None]
    centre = np.stack([cx, cy], axis=1)
    return np.stack(
        [centre - along - across, centre + along - across, centre + along + across, centre - along + across], axis=1
    )


def from_corners(points: ArrayLike) -> NDArray[np.float64]:
    """Return rotated boxes (n, 5) cx, cy, w, h, angle in radians from their corners (n, 4, 2) in order.

    Four points that are no rectangle become the one with the mean of their opposite sides.
    """
    a, b, c, d = np.moveaxis(np.asarray(points, np.float64).reshape(-1, 4, 2), 1, 0)
    along, across = (b - a + c - d) / 2, (d - a + c - b) / 2
    size = np.hypot(*along.T), np.hypot(*across.T)
    return np.column_stack([(a + b + c + d) / 4, *size, np.arctan2(along[:, 1], along[:, 0])])
