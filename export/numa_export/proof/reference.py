"""The foreign families' own decode in plain numpy, against which adopted files are proved.

Written apart from the graph and from the runtime's decoders on purpose: a proof that shares code with what
it proves finds nothing. Formulas: YOLOX (Ge et al. 2021); the layouts of `numa_runtime.contract.arrays`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import Layout, ModelSpec

Float = NDArray[np.float32]
Arrays = Mapping[str, Float]
Decode = Callable[[Arrays, tuple[int, int]], dict[str, Float]]


def anchor_grid(height: int, width: int, strides: tuple[int, ...]) -> Float:
    """Return column, row and stride of every anchor, float32 (A, 3), levels in order, row by row."""
    levels = []
    for stride in strides:
        rows, columns = np.indices((height // stride, width // stride))
        levels.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)], axis=1))
    return np.concatenate(levels).astype(np.float32)


def decode_rows(raw: Float, first: int, grid: Float | None, top: int) -> dict[str, Float]:
    """Return the `top` best candidates of `[B, A, first + nc]`; `grid` None where boxes are in pixels already."""
    centre, size = raw[..., 0:2], raw[..., 2:4]
    if grid is not None:
        centre, size = (centre + grid[None, :, :2]) * grid[None, :, 2:], np.exp(size) * grid[None, :, 2:]
    scores = raw[..., 4:5] * raw[..., 5:] if first == 5 else raw[..., 4:]
    return _best(_corners(centre, size), scores, None, top)


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


def decode_queries(boxes: Float, scores: Float, size: tuple[int, int]) -> dict[str, Float]:
    """Return every query `[B, Q, 4]` in fractions of `size` (height, width) with its best class."""
    height, width = size
    pixels = _corners(boxes[..., :2], boxes[..., 2:]) * np.float32([width, height, width, height])
    return _detections(pixels, scores.max(axis=2), scores.argmax(axis=2))


def decode_labelled(boxes: Float, scores: Float, labels: Float, classes: int, top: int) -> dict[str, Float]:
    """Return the `top` best candidates of corners with one score and its class each."""
    every = np.where(labels[..., None] == np.arange(classes), scores[..., None], np.float32(0))
    return _best(boxes, every, None, top)


def decoder_for(spec: ModelSpec, top: int, strides: tuple[int, ...] = ()) -> Decode:
    """Return the decode of a foreign file: from its arrays and the (height, width) they were made at.

    Args:
        spec: describes the file as it stands.
        top: candidates that are kept, best first.
        strides: the levels of a raw YOLOX file's grid.
    """
    names, classes = [output.name for output in spec.outputs], len(spec.names)

    def decode(arrays: Arrays, size: tuple[int, int]) -> dict[str, Float]:
        first, *more = (arrays[name] for name in names)
        match spec.layout:
            case Layout.ULTRALYTICS_RAW:
                return decode_ultralytics(first, classes, spec.keypoint_shape or (0, 0), top)
            case Layout.ULTRALYTICS_END2END:
                return decode_end2end(first, spec.keypoint_shape or (0, 0))
            case Layout.YOLOX_RAW:
                return decode_rows(first, 5, anchor_grid(*size, strides), top)
            case Layout.OBJECTNESS_ROWS:
                return decode_rows(first, 5, None, top)
            case Layout.CLASS_ROWS:
                return decode_rows(first, 4, None, top)
            case Layout.BOXES_AND_SCORES:
                return _best(first, more[0], None, top)
            case Layout.QUERY_ROWS:
                return decode_queries(first[..., :4], first[..., 4:], size)
            case Layout.QUERY_LOGITS:
                return decode_queries(first, 1 / (1 + np.exp(-more[0])), size)
            case Layout.LABELLED_BOXES:
                return _detections(first, *(array.reshape(array.shape[:2]) for array in more))
            case Layout.LABELLED_ROWS:
                parts = more or [first[..., 4], first[..., 5]]
                flat = [array.reshape(array.shape[:2]) for array in parts]
                return decode_labelled(first[..., :4], *flat, classes, top)
            case _:
                return _detections(first[None, :, 1:5], first[None, :, 6], first[None, :, 5])

    return decode


def _detections(boxes: Float, scores: Float, labels: NDArray[Any]) -> dict[str, Float]:
    columns = [boxes, scores[..., None], labels[..., None].astype(np.float32)]
    return {"detections": np.concatenate(columns, axis=-1)}


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
