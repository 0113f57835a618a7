"""The foreign families' own decode in plain numpy, against which adopted files are proved.

Written apart from the graph and from the runtime's decoders on purpose: a proof that shares code with what
it proves finds nothing. Formulas: YOLOX (Ge et al. 2021), Ultralytics' exported layout (channels cx, cy, w, h,
scores, keypoints).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import Layout

Float = NDArray[np.float32]
Decode = Callable[[Float], dict[str, Float]]


def anchor_grid(height: int, width: int, strides: tuple[int, ...]) -> Float:
    """Return column, row and stride of every anchor, float32 (A, 3), levels in order, row by row."""
    levels = []
    for stride in strides:
        rows, columns = np.indices((height // stride, width // stride))
        levels.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)], axis=1))
    return np.concatenate(levels).astype(np.float32)


def decode_yolox(raw: Float, grid: Float | None, top: int) -> dict[str, Float]:
    """Return the `top` best candidates of raw `[B, A, 5 + nc]`; `grid` None where boxes are decoded already."""
    centre, size = raw[..., 0:2], raw[..., 2:4]
    if grid is not None:
        centre, size = (centre + grid[None, :, :2]) * grid[None, :, 2:], np.exp(size) * grid[None, :, 2:]
    return _best(_corners(centre, size), raw[..., 4:5] * raw[..., 5:], None, top)


def decode_ultralytics(raw: Float, classes: int, keypoints: tuple[int, int], top: int) -> dict[str, Float]:
    """Return the `top` best candidates of raw `[B, 4 + nc + keypoints, A]`."""
    turned = raw.transpose(0, 2, 1)
    boxes = _corners(turned[..., 0:2], turned[..., 2:4])
    points = _with_visibility(turned[..., 4 + classes :], keypoints) if keypoints[0] else None
    return _best(boxes, turned[..., 4 : 4 + classes], points, top)


def decode_end2end(raw: Float, keypoints: tuple[int, int]) -> dict[str, Float]:
    """Return finished detections `[B, M, 6 + keypoints]` under our names."""
    outputs = {"detections": raw[..., :6]}
    if keypoints[0]:
        outputs["keypoints"] = _with_visibility(raw[..., 6:], keypoints)
    return outputs


def decoder_for(layout: Layout, classes: int, keypoints: tuple[int, int], grid: Float | None, top: int) -> Decode:
    """Return the decode of a foreign layout."""
    if layout is Layout.YOLOX_RAW:
        return lambda raw: decode_yolox(raw, grid, top)
    if layout is Layout.ULTRALYTICS_END2END:
        return lambda raw: decode_end2end(raw, keypoints)
    return lambda raw: decode_ultralytics(raw, classes, keypoints, top)


def _corners(centre: Float, size: Float) -> Float:
    return np.concatenate([centre - size / 2, centre + size / 2], axis=-1)


def _with_visibility(flat: Float, keypoints: tuple[int, int]) -> Float:
    points = flat.reshape(*flat.shape[:2], *keypoints)
    if keypoints[1] == 3:
        return points
    return np.concatenate([points, np.ones_like(points[..., :1])], axis=-1)


def _best(boxes: Float, scores: Float, points: Float | None, top: int) -> dict[str, Float]:
    order = np.argsort(-scores.max(axis=2), axis=1, kind="stable")[:, :top]
    outputs = {"boxes": boxes, "scores": scores}
    if points is not None:
        outputs["keypoints"] = points
    return {
        name: np.take_along_axis(values, order.reshape(*order.shape, *[1] * (values.ndim - 2)), axis=1)
        for name, values in outputs.items()
    }
