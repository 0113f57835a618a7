"""Results as `supervision.Detections`, for its annotators, zones and counters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import MissingExtra
from numa_runtime.results.records import Detections

if TYPE_CHECKING:
    import supervision

CLASS_NAME = "class_name"
"""supervision's own key for class names in `data`."""


def import_supervision() -> Any:
    """Return the package `supervision`.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import supervision
    except ImportError as error:
        raise MissingExtra("supervision.Detections", "supervision", "supervision") from error
    return supervision


def class_names(classes: NDArray[np.int64], names: Mapping[int, str]) -> NDArray[np.str_]:
    """Return the name of each class (n,); the number itself where it has none."""
    return np.array([names.get(number, str(number)) for number in classes.tolist()], np.str_)


def to_supervision(records: Detections, names: Mapping[int, str], *, tracked: bool) -> supervision.Detections:
    """Return `records` as `supervision.Detections`; nothing is copied that need not be.

    Args:
        records: the detections of one frame.
        names: class names by class number.
        tracked: whether the records carry track ids.

    Returns:
        xyxy and confidence float32, class_id int64, tracker_id int64 (-1 = not tracked) or None when not `tracked`;
        `data` holds "class_name" and, where there are any, "keypoints" (n, K, 3) x, y, visibility.

    Raises:
        MissingExtra: supervision is not installed.
    """
    data: dict[str, Any] = {CLASS_NAME: class_names(records.cls, names)}
    if records.keypoints.shape[1]:
        data["keypoints"] = records.keypoints
    return import_supervision().Detections(
        xyxy=records.xyxy,
        confidence=records.conf,
        class_id=records.cls,
        tracker_id=records.id if tracked else None,
        data=data,
    )
