"""The foreign families' own decode in plain numpy, against which adopted files are proved.

Written apart from the graph and from the runtime's decoders on purpose: a proof that shares code with what
it proves finds nothing. Formulas: YOLOX (Ge et al. 2021); the layouts of `numa_runtime.contract.arrays`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_export.proof.reference_heat_maps import decode_heat_maps
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
    pixels = _corners(boxes[..., :2], boxes[..., 2:]) * np.array([width, height, width, height], np.float32)
    return _detections(pixels, scores.max(axis=2), scores.argmax(axis=2))


def decode_labelled(boxes: Float, scores: Float, labels: Float, classes: int, top: int) -> dict[str, Float]:
    """Return the `top` best candidates of corners with one score and its class each."""
    every = np.where(_flat(labels)[..., None] == np.arange(classes), _flat(scores)[..., None], np.float32(0))
    return _best(boxes, every, None, top)


@dataclass(frozen=True, slots=True)
class _Run:
    """What a decoder knows besides the arrays; see `decoder_for`."""

    spec: ModelSpec
    top: int
    strides: tuple[int, ...]
    size: tuple[int, int] = (0, 0)

    @property
    def classes(self) -> int:
        return len(self.spec.names)

    @property
    def keypoints(self) -> tuple[int, int]:
        return self.spec.keypoint_shape or (0, 0)


def decoder_for(spec: ModelSpec, top: int, strides: tuple[int, ...] = ()) -> Decode:
    """Return the decode of a foreign file: from its arrays and the (height, width) they were made at.

    Args:
        spec: describes the file as it stands.
        top: candidates that are kept, best first.
        strides: the levels of a raw YOLOX file's grid.
    """
    names = [output.name for output in spec.outputs]

    def decode(arrays: Arrays, size: tuple[int, int]) -> dict[str, Float]:
        return _DECODERS[spec.layout]([arrays[name] for name in names], _Run(spec, top, strides, size))

    return decode


def _labelled(arrays: list[Float], run: _Run) -> dict[str, Float]:
    table = arrays[0]
    boxes, scores, labels = arrays if len(arrays) == 3 else (table[..., :4], table[..., 4], table[..., 5])
    return decode_labelled(boxes, scores, labels, run.classes, run.top)


_DECODERS: dict[Layout, Callable[[list[Float], _Run], dict[str, Float]]] = {
    Layout.ULTRALYTICS_RAW: lambda a, run: decode_ultralytics(a[0], run.classes, run.keypoints, run.top),
    Layout.ULTRALYTICS_END2END: lambda a, run: decode_end2end(a[0], run.keypoints),
    Layout.YOLOX_RAW: lambda a, run: decode_rows(a[0], 5, anchor_grid(*run.size, run.strides), run.top),
    Layout.OBJECTNESS_ROWS: lambda a, run: decode_rows(a[0], 5, None, run.top),
    Layout.CLASS_ROWS: lambda a, run: decode_rows(a[0], 4, None, run.top),
    Layout.BOXES_AND_SCORES: lambda a, run: _best(a[0], a[1], None, run.top),
    Layout.LABELLED_ROWS: _labelled,
    Layout.QUERY_ROWS: lambda a, run: decode_queries(a[0][..., :4], a[0][..., 4:], run.size),
    Layout.QUERY_LOGITS: lambda a, run: decode_queries(a[0], _sigmoid(a[1]), run.size),
    Layout.LABELLED_BOXES: lambda a, _: _detections(a[0], _flat(a[1]), _flat(a[2])),
    Layout.HEAT_MAPS: lambda a, run: decode_heat_maps(a[0], run.size),
    Layout.HEAT_MAP_LOGITS: lambda a, run: decode_heat_maps(_sigmoid(a[0]), run.size),
    Layout.BATCH_ROWS: lambda a, _: _detections(a[0][None, :, 1:5], a[0][None, :, 6], a[0][None, :, 5]),
}


def _flat(array: Float) -> Float:
    """Return [B, n] of [B, n] or [B, n, 1]."""
    return array.reshape(array.shape[:2])


def _sigmoid(logits: Float) -> Float:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


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
