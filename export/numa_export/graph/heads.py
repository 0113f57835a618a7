"""Decode and top-k in plain operators: what turns a foreign head into `boxes`, `scores`, `keypoints`.

Winners are chosen first (ReduceMax, TopK, GatherElements), so only they are decoded. No NonMaxSuppression
and K <= 3840, because TensorRT builds neither the former nor a larger TopK. With equal scores TopK takes the
lower index, in every backend (ONNX operator specification).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from numa_export.graph.editor import GraphEditor, rename_tensor, tensor_names

TOP_K = 1000
OUTPUT_NAMES = ("boxes", "scores", "keypoints", "detections", "balls")

Output = tuple[str, tuple[int | str, ...]]


@dataclass(frozen=True, slots=True)
class HeadShape:
    """The sizes a head is built for.

    Attributes:
        batch: an int or a word.
        classes: number of classes.
        keypoints: (keypoints, values); (0, 0) = none.
        anchors: None where the input size is dynamic; K is then chosen inside the graph.
    """

    batch: int | str
    classes: int
    keypoints: tuple[int, int] = (0, 0)
    anchors: int | None = None

    @property
    def keypoint_values(self) -> int:
        """Channels that keypoints take in a raw output."""
        return self.keypoints[0] * self.keypoints[1]

    @property
    def rows(self) -> int | str:
        """How many detections a finished output has."""
        return "detections" if self.anchors is None else self.anchors

    @property
    def top(self) -> int | str:
        """K: at most `TOP_K` anchors."""
        return "candidates" if self.anchors is None else min(TOP_K, self.anchors)


def free_output_names(editor: GraphEditor) -> dict[str, str]:
    """Move tensors away that happen to have the name of one of our outputs; return the new names by old one."""
    moved = {}
    for name in sorted(set(tensor_names(editor.graph)) & set(OUTPUT_NAMES)):
        moved[name] = editor.fresh(f"was/{name}")
        rename_tensor(editor.graph, name, moved[name])
    for name in OUTPUT_NAMES:
        editor.reserve(name)
    return moved


def append_rows(
    editor: GraphEditor, raw: str, shape: HeadShape, first: int, grid: NDArray[np.float32] | None = None
) -> list[Output]:
    """Decode rows `[B, A, first + nc]` (x, y, w, h, objectness where `first` is 5, class scores).

    Box: in pixels; on a grid centre = (xy + cell) * stride, size = exp(wh) * stride (Ge et al. 2021, YOLOX).
    Score: class, times objectness where there is one.

    Args:
        editor: of the graph, which is changed in place.
        raw: name of the raw output.
        shape: the sizes the head is built for.
        first: the column of the first class: 5 with objectness, 4 without.
        grid: float32 (A, 3): column, row and stride of every anchor; None where boxes are in pixels.
    """
    best = editor.reduce_max(_row_scores(editor, raw, shape, first), 2, "head/best")
    index = _winners(editor, best, shape)
    rows = editor.reshape(index, (0, -1, 1), "head/rows")
    won = _take(editor, raw, rows, (1, 1, first + shape.classes), 1)
    box = editor.slice(won, 0, 4, 2, "head/box")
    centre, size = halves(editor, box)
    if grid is not None:
        cell = editor.node("Gather", [editor.constant(grid[:, :2].copy(), "head/grid"), index], stem="head/cell")
        stride = editor.node("Gather", [editor.constant(grid[:, 2:].copy(), "head/strides"), index], stem="head/stride")
        centre = editor.node("Mul", [editor.node("Add", [centre, cell]), stride], stem="head/centre")
        size = editor.node("Mul", [editor.node("Exp", [size]), stride], stem="head/size")
    corners(editor, centre, size, output="boxes")
    _row_scores(editor, won, shape, first, output="scores")
    return _candidates(shape)


def append_pair(editor: GraphEditor, boxes: str, scores: str, shape: HeadShape) -> list[Output]:
    """Choose from corners `[B, A, 4]` in pixels and scores `[B, A, nc]`.

    Args:
        editor: of the graph, which is changed in place.
        boxes: name of the boxes.
        scores: name of the scores.
        shape: the sizes the head is built for.
    """
    index = _winners(editor, editor.reduce_max(scores, 2, "head/best"), shape)
    rows = editor.reshape(index, (0, -1, 1), "head/rows")
    _take(editor, boxes, rows, (1, 1, 4), 1, output="boxes")
    _take(editor, scores, rows, (1, 1, shape.classes), 1, output="scores")
    return _candidates(shape)


def append_ultralytics(editor: GraphEditor, raw: str, shape: HeadShape) -> list[Output]:
    """Choose from decoded `[B, 4 + nc + keypoints, A]` (cx, cy, w, h, scores, keypoints) and transpose it.

    Where the raw output is a plain Concat of those three parts, the parts are read instead of the whole.

    Args:
        editor: of the graph, which is changed in place.
        raw: name of the raw output.
        shape: the sizes the head is built for.
    """
    sizes = [4, shape.classes] + ([shape.keypoint_values] if shape.keypoint_values else [])
    parts = _parts(editor, raw, sizes)
    classes = parts[1] if parts else editor.slice(raw, 4, 4 + shape.classes, 1, "head/classes")
    index = _winners(editor, editor.reduce_max(classes, 1, "head/best"), shape)
    columns = editor.reshape(index, (0, 1, -1), "head/columns")
    if parts:
        won = [_take(editor, part, columns, (1, size, 1), 2) for part, size in zip(parts, sizes, strict=True)]
    else:
        won = _split(editor, _take(editor, raw, columns, (1, sum(sizes), 1), 2), sizes)
    box = editor.node("Transpose", [won[0]], stem="head/box", perm=[0, 2, 1])
    corners(editor, *halves(editor, box), output="boxes")
    editor.node("Transpose", [won[1]], output="scores", perm=[0, 2, 1])
    if shape.keypoint_values:
        _keypoints(editor, editor.node("Transpose", [won[2]], stem="head/points", perm=[0, 2, 1]), shape)
    return _candidates(shape)


def append_final(editor: GraphEditor, raw: str, shape: HeadShape) -> list[Output]:
    """Name an end-to-end output `[B, M, 6 + keypoints]` as ours, splitting the keypoints off."""
    rows = shape.rows
    if not shape.keypoint_values:
        rename_tensor(editor.graph, raw, "detections")
        return [("detections", (shape.batch, rows, 6))]
    bounds = [editor.constant([value], f"head/{word}") for word, value in (("from", 0), ("to", 6), ("axis", 2))]
    editor.node("Slice", [raw, *bounds], output="detections")
    points = editor.slice(raw, 6, 6 + shape.keypoint_values, 2, "head/points")
    _keypoints(editor, points, shape)
    return [("detections", (shape.batch, rows, 6)), ("keypoints", (shape.batch, rows, shape.keypoints[0], 3))]


def to_float32(editor: GraphEditor, raw: str) -> str:
    """Append a Cast where a half network's output is half, so that decoding happens in float32."""
    kinds = {value.name: value.type.tensor_type.elem_type for value in editor.graph.output}
    if kinds.get(raw, TensorProto.FLOAT) == TensorProto.FLOAT:
        return raw
    return editor.node("Cast", [raw], stem="head/float32", to=TensorProto.FLOAT)


def _winners(editor: GraphEditor, best: str, shape: HeadShape) -> str:
    """Return int64 [B, K]: the anchors with the best class scores, best first."""
    if shape.anchors is not None:
        top = editor.constant([min(TOP_K, shape.anchors)], "head/k")
    else:
        size = editor.node("Shape", [best], stem="head/best_shape")
        count = editor.slice(size, 1, 2, 0, "head/anchors")
        top = editor.node("Min", [count, editor.constant([TOP_K], "head/most")], stem="head/k")
    return editor.nodes("TopK", [best, top], 2, stem="head/top", axis=1)[1]


def _take(
    editor: GraphEditor, tensor: str, index: str, spread: tuple[int, int, int], axis: int, *, output: str = ""
) -> str:
    """Gather along `axis` for each batch element; `spread` is what the index is broadcast to.

    `tensor` must not come from a Slice that starts at 0: OpenVINO 2026.4 drops such a Slice in front of
    GatherElements and then refuses the shapes. Hence gather first, slice afterwards.
    """
    wide = editor.node("Expand", [index, editor.constant(spread, "head/spread")], stem="head/index")
    return editor.node("GatherElements", [tensor, wide], stem="head/won", output=output, axis=axis)


def halves(editor: GraphEditor, box: str) -> tuple[str, str]:
    """Return centre and size of boxes `[B, n, 4]`."""
    return editor.slice(box, 0, 2, 2, "head/centre"), editor.slice(box, 2, 4, 2, "head/size")


def corners(editor: GraphEditor, centre: str, size: str, *, output: str = "") -> str:
    """Return x1, y1, x2, y2 `[B, n, 4]` of centre and size."""
    half = editor.node("Mul", [size, editor.constant(np.asarray(0.5, np.float32), "head/half")], stem="head/extent")
    low = editor.node("Sub", [centre, half], stem="head/low")
    high = editor.node("Add", [centre, half], stem="head/high")
    return editor.node("Concat", [low, high], stem="head/corners", output=output, axis=2)


def _keypoints(editor: GraphEditor, points: str, shape: HeadShape) -> None:
    """Write `keypoints` [B, K, kpts, 3]; two-valued points get visibility 1."""
    count, values = shape.keypoints
    target = editor.constant((0, -1, count, values), "head/points_shape")
    if values == 3:
        editor.node("Reshape", [points, target], output="keypoints")
        return
    flat = editor.node("Reshape", [points, target], stem="head/xy")
    ones = np.ones((1, 1, count, 1), np.float32)
    zero = editor.constant(np.zeros(1, np.float32), "head/zero")
    first = editor.slice(flat, 0, 1, 3, "head/x")
    seen = editor.node("Add", [editor.node("Mul", [first, zero]), editor.constant(ones, "head/one")], stem="head/seen")
    editor.node("Concat", [flat, seen], output="keypoints", axis=3)


def _row_scores(editor: GraphEditor, rows: str, shape: HeadShape, first: int, *, output: str = "") -> str:
    """Return class scores of `[B, n, first + nc]`, times objectness where there is one."""
    bounds = (first, first + shape.classes, 2)
    if first == 4:
        return editor.slice(rows, *bounds, "head/classes", output=output)
    classes = editor.slice(rows, *bounds, "head/classes")
    objectness = editor.slice(rows, 4, 5, 2, "head/objectness")
    return editor.node("Mul", [objectness, classes], stem="head/scores", output=output)


def _parts(editor: GraphEditor, raw: str, sizes: list[int]) -> list[str]:
    """Return what a Concat made `raw` of, when those are exactly parts of these sizes; else []."""
    producer = next((node for node in editor.graph.node if raw in node.output), None)
    if producer is not None and producer.op_type == "Concat" and _channels(editor, producer) == sizes:
        return list(producer.input)
    return []


def _split(editor: GraphEditor, won: str, sizes: list[int]) -> list[str]:
    starts = np.cumsum([0, *sizes]).tolist()
    words = ("box", "classes", "points")
    return [editor.slice(won, starts[i], starts[i + 1], 1, f"head/{words[i]}") for i in range(len(sizes))]


def _channels(editor: GraphEditor, concat: onnx.NodeProto) -> list[int]:
    """Return the sizes of a Concat's inputs along axis 1; [] where unknown or along another axis."""
    axis = next((attribute.i for attribute in concat.attribute if attribute.name == "axis"), None)
    if axis not in (1, -2):
        return []
    inferred = onnx.shape_inference.infer_shapes(editor.model)
    dims = {value.name: value.type.tensor_type.shape.dim for value in inferred.graph.value_info}
    known = [dims.get(name) for name in concat.input]
    return [found[1].dim_value if found is not None and len(found) == 3 else -1 for found in known]


def _candidates(shape: HeadShape) -> list[Output]:
    outputs: list[Output] = [
        ("boxes", (shape.batch, shape.top, 4)),
        ("scores", (shape.batch, shape.top, shape.classes)),
    ]
    if shape.keypoint_values:
        outputs.append(("keypoints", (shape.batch, shape.top, shape.keypoints[0], 3)))
    return outputs
