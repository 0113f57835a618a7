"""Files that Ultralytics exported: raw [B, 4 + nc + kpts * d, A], and end to end [B, M, 6 + kpts * d]."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Outputs, bad_shape, only_output
from numa_runtime.vision.decode.suppress import rows_to_detections, suppress


class RawDecoder:
    """cx, cy, w, h in input pixels, class scores, keypoints, one anchor per column.

    The whole array is read once, for the best class of each anchor; only winners are cut out and transposed.
    """

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._keypoints = spec.keypoint_shape

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return the detections of item `item`.

        Raises:
            ContractError: no such output, or its channels do not fit the contract's classes and keypoints.
        """
        raw = only_output(self._spec, outputs, item)
        values = self._keypoints[0] * self._keypoints[1] if self._keypoints else 0
        classes = raw.shape[0] - 4 - values
        self._check(raw, classes, values)
        best = raw[4 : 4 + classes].max(axis=0)
        rows = np.ascontiguousarray(raw[:, np.flatnonzero(best > options.conf)].T)
        boxes = corners(rows[:, :4])
        points = rows[:, 4 + classes :].reshape(len(rows), *self._keypoints) if self._keypoints else None
        return Decoded(suppress(boxes, rows[:, 4 : 4 + classes], points, options))

    def _check(self, raw: NDArray[Any], classes: int, values: int) -> None:
        named = len(self._spec.names)
        if classes < 1 or (named and classes != named):
            wanted = f"(4 + {named or 'nc'} classes{f' + {values} keypoint values' if values else ''}, anchors)"
            raise bad_shape(self._spec.outputs[0].name if self._spec.outputs else "output0", raw.shape, wanted)


class EndToEndDecoder:
    """Rows x1, y1, x2, y2, score, class and keypoints: finished detections, no NMS."""

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._keypoints = spec.keypoint_shape

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return the detections of item `item`, best first.

        Raises:
            ContractError: no such output, or its rows do not fit the contract's keypoints.
        """
        rows = only_output(self._spec, outputs, item)
        values = self._keypoints[0] * self._keypoints[1] if self._keypoints else 0
        if rows.shape[1] != 6 + values:
            name = self._spec.outputs[0].name if self._spec.outputs else "output0"
            raise bad_shape(name, rows.shape, f"(M, {6 + values})")
        points = rows[:, 6:].reshape(len(rows), *self._keypoints) if self._keypoints else None
        return Decoded(rows_to_detections(rows[:, :6], points, options))


def corners(cxcywh: NDArray[Any]) -> NDArray[np.float32]:
    """Turn (n, 4) centre, size into x1, y1, x2, y2."""
    boxes = np.empty((len(cxcywh), 4), np.float32)
    half = cxcywh[:, 2:] / 2
    boxes[:, :2] = cxcywh[:, :2] - half
    boxes[:, 2:] = cxcywh[:, :2] + half
    return boxes
