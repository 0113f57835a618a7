"""From candidates to detections: the NMS kernel's winners as whole records."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results import Detections
from numa_runtime.vision.decode.base import DecodeOptions
from numa_runtime.vision.nms import nms


def suppress(
    boxes: NDArray[Any],
    scores: NDArray[Any],
    keypoints: NDArray[Any] | None,
    options: DecodeOptions,
    features: NDArray[Any] | None = None,
) -> Detections:
    """Run NMS over boxes (K, 4) x1, y1, x2, y2, scores (K, nc), keypoints (K, kpts, 2 or 3), features (K, C)."""
    index, classes, conf = nms(
        boxes,
        scores,
        options.conf,
        options.iou,
        options.max_det,
        classes=options.classes,
        multi_label=options.multi_label,
        agnostic=options.agnostic_nms,
    )
    points = None if keypoints is None else with_visibility(keypoints[index])
    return Detections.of(boxes[index], conf, classes, points, None if features is None else features[index])


def with_visibility(keypoints: NDArray[Any]) -> NDArray[np.float32]:
    """Return keypoints (n, K, 3); where the network says x, y only, every point counts as visible (1)."""
    if keypoints.shape[-1] == 3:
        return np.asarray(keypoints, np.float32)
    ones = np.ones((*keypoints.shape[:-1], 1), np.float32)
    return np.concatenate([np.asarray(keypoints, np.float32), ones], axis=-1)


def rows_to_detections(rows: NDArray[Any], keypoints: NDArray[Any] | None, options: DecodeOptions) -> Detections:
    """Filter finished rows (M, 6) x1, y1, x2, y2, score, class: no suppression, best first, stable."""
    keep = rows[:, 4] > options.conf
    if options.classes is not None:
        keep &= np.isin(rows[:, 5].astype(np.int64), options.classes)
    index = np.flatnonzero(keep)
    index = index[np.argsort(-rows[index, 4], kind="stable")][: options.max_det]
    best = rows[index]
    points = None if keypoints is None else with_visibility(keypoints[index])
    return Detections.of(best[:, :4], best[:, 4], best[:, 5], points)
