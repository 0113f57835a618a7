"""Heads of networks that suppress nothing and need it not: queries and finished rows become `detections`.

DeepStream's rows, which have one score and its class but are not suppressed, become candidates.
"""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from numa_export.graph.editor import GraphEditor
from numa_export.graph.heads import HeadShape, Output, append_pair, corners, halves

_DETECTIONS = "detections"


def append_queries(
    editor: GraphEditor, boxes: str, scores: str, shape: HeadShape, size: tuple[int, int], *, logits: bool
) -> list[Output]:
    """Turn queries into detections, each with its best class.

    Args:
        editor: of the graph, which is changed in place.
        boxes: name of centre and size `[B, Q, 4]` as fractions of the input.
        scores: name of `[B, Q, nc]`.
        shape: the sizes the head is built for.
        size: (height, width) of the input.
        logits: the scores are before the sigmoid.
    """
    scores = editor.node("Sigmoid", [scores], stem="head/scores") if logits else scores
    best = editor.unsqueeze(editor.reduce_max(scores, 2, "head/best"), 2, "head/score")
    label = editor.node("ArgMax", [scores], stem="head/label", axis=2, keepdims=1)
    label = editor.node("Cast", [label], stem="head/class", to=TensorProto.FLOAT)
    height, width = size
    pixels = editor.constant(np.array([width, height, width, height], np.float32), "head/size_px")
    box = editor.node("Mul", [corners(editor, *halves(editor, boxes)), pixels], stem="head/pixels")
    return _finished(editor, [box, best, label], shape)


def append_query_rows(editor: GraphEditor, raw: str, shape: HeadShape, size: tuple[int, int]) -> list[Output]:
    """Turn query rows `[B, Q, 4 + nc]` into detections; see `append_queries`."""
    boxes = editor.slice(raw, 0, 4, 2, "head/boxes")
    scores = editor.slice(raw, 4, 4 + shape.classes, 2, "head/classes")
    return append_queries(editor, boxes, scores, shape, size, logits=False)


def append_labelled_boxes(editor: GraphEditor, shape: HeadShape, boxes: str, scores: str, labels: str) -> list[Output]:
    """Join corners `[B, M, 4]`, scores `[B, M]` and classes `[B, M]` into detections."""
    columns = [editor.reshape(tensor, (0, -1, 1), f"head/{word}") for tensor, word in ((scores, "s"), (labels, "c"))]
    return _finished(editor, [boxes, *columns], shape)


def append_batch_rows(editor: GraphEditor, raw: str) -> list[Output]:
    """Turn rows `[n, 7]` (image, corners, class, score) of one image into detections."""
    order = editor.constant([1, 2, 3, 4, 6, 5], "head/order")
    rows = editor.node("Gather", [raw, order], stem="head/rows", axis=1)
    editor.unsqueeze(rows, 0, "head/batch", output=_DETECTIONS)
    return [(_DETECTIONS, (1, "detections", 6))]


def append_labelled_rows(editor: GraphEditor, boxes: str, scores: str, labels: str, shape: HeadShape) -> list[Output]:
    """Choose from corners `[B, A, 4]` with one score and its class `[B, A, 1]`, and spread scores over the classes."""
    classes = editor.constant(np.arange(shape.classes, dtype=np.float32), "head/classes")
    which = editor.node("Cast", [editor.node("Equal", [labels, classes])], stem="head/which", to=TensorProto.FLOAT)
    return append_pair(editor, boxes, editor.node("Mul", [scores, which], stem="head/spread"), shape)


def split_labelled(editor: GraphEditor, raw: str) -> tuple[str, str, str]:
    """Return corners, scores and classes of rows `[B, A, 6]`.

    The boxes are gathered, not sliced from 0: see `heads._take`.
    """
    columns = editor.constant([0, 1, 2, 3], "head/columns")
    boxes = editor.node("Gather", [raw, columns], stem="head/boxes", axis=2)
    return boxes, editor.slice(raw, 4, 5, 2, "head/score"), editor.slice(raw, 5, 6, 2, "head/label")


def _finished(editor: GraphEditor, columns: list[str], shape: HeadShape) -> list[Output]:
    editor.node("Concat", columns, output=_DETECTIONS, axis=2)
    return [(_DETECTIONS, (shape.batch, shape.rows, 6))]
