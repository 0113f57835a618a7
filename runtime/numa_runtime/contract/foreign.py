"""A foreign file as a member of a family: its arrays give the layout, the family everything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from shlex import quote

from numa_runtime.contract.arrays import ANCHORS_PER_CELL, Arrays, Size, arrays_of, grid_of
from numa_runtime.contract.coco import COCO_NAMES
from numa_runtime.contract.family import Family
from numa_runtime.contract.spec import Color, InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.contract.tensor import TensorInfo, fixed, shape_text

CHANNELS = (1, 3)


def candidates(family: Family, model_input: TensorInfo, outputs: Sequence[TensorInfo]) -> tuple[Arrays, ...]:
    """Return every layout of a family that the outputs' shapes allow, none where it is another family's file."""
    size, habits = input_size(model_input), family.habits
    found = (arrays_of(layout, outputs, size) for layout in habits.layouts)
    return tuple(arrays for arrays in found if arrays is not None and _as_dense(arrays, size, habits.per_cell))


def _as_dense(arrays: Arrays, size: Size, each: int) -> bool:
    open_grid = arrays.layout is not Layout.OBJECTNESS_ROWS or arrays.rows is None
    return open_grid or grid_of(arrays.rows, size, each) is not None


def rivals(spec: ModelSpec) -> tuple[tuple[Family, ModelSpec], ...]:
    """Return every other reading of a foreign file's shapes, with its family."""
    door = spec.input
    shape = (door.batch or "batch", door.planes, door.height or "height", door.width or "width")
    model_input = TensorInfo(door.name, shape, door.dtype)
    outputs = [TensorInfo(output.name, output.shape, "float32") for output in spec.outputs]
    return tuple(
        (family, spec_of(family, arrays, model_input))
        for family in Family
        for arrays in candidates(family, model_input, outputs)
        if arrays.layout is not spec.layout
    )


def likely(found: Iterable[tuple[Family, int | None]]) -> list[Family]:
    """Return the families of some readings (family, classes): those with COCO's 80 classes first."""
    ordered = sorted(found, key=lambda reading: reading[1] != len(COCO_NAMES))
    return list(dict.fromkeys(family for family, _ in ordered))


def adopt_hint(where: str, family: Family) -> str:
    """Return the command that reads a file as a member of a family; only ONNX files can be adopted."""
    if not where.lower().endswith(".onnx"):
        return f"adopt the ONNX file it was made from (--family {family}), and convert the artifact"
    return f"numa-deploy adopt {quote(where)} --family {family}"


def spec_of(
    family: Family, arrays: Arrays, model_input: TensorInfo, names: Sequence[str] | None = None, name: str = ""
) -> ModelSpec:
    """Return the spec of a file.

    Args:
        family: says how pictures are prepared and which thresholds suit.
        arrays: the layout of its outputs.
        model_input: its one image input.
        names: the class names, where they are known; the family's usual ones otherwise.
        name: the model's name.
    """
    habits = family.habits
    pose = ("person",) if arrays.keypoints and arrays.classes == 1 else None
    size, layout = input_size(model_input), arrays.layout
    strides = grid_of(arrays.rows, size) or grid_of(arrays.rows, size, ANCHORS_PER_CELL) or (32,)
    return ModelSpec(
        task=Task.POSE if arrays.keypoints else Task.DETECT,
        names=tuple(names or pose or habits.names(arrays.classes)),
        stride=strides[-1],
        input=input_of(family, model_input),
        outputs=tuple(OutputSpec(info.name, info.shape, MEANINGS[layout]) for info in arrays.outputs),
        layout=layout,
        name=name,
        keypoint_shape=arrays.keypoints,
        thresholds=habits.thresholds,
    )


def input_of(family: Family, model_input: TensorInfo) -> InputSpec:
    """Return the input of a file of a family; a uint8 input says that the graph scales and normalises by itself."""
    habits = family.habits
    batch, channels, height, width = map(fixed, model_input.shape)
    bytes_in = model_input.dtype == "uint8"
    return InputSpec(
        height=height,
        width=width,
        channels=channels or 3,
        batch=batch,
        dtype=model_input.dtype,
        color=Color.GRAY if channels == 1 else habits.color,
        scale=1.0 if bytes_in else habits.scale,
        letterbox=habits.letterbox,
        name=model_input.name,
        mean=() if bytes_in or channels == 1 else habits.mean,
        std=() if bytes_in or channels == 1 else habits.std,
    )


def input_size(model_input: TensorInfo) -> Size:
    """Return (height, width) of the input; None where dynamic."""
    return fixed(model_input.shape[2]), fixed(model_input.shape[3])


def seen(*infos: TensorInfo) -> str:
    """Return names and shapes, for messages."""
    return "; ".join(f"{info.name} {shape_text(info.shape)}" for info in infos)


def input_problem(info: TensorInfo) -> str:
    """Return why an input is not a batch of pictures as they are fed here, "" where it is."""
    shape = info.shape
    if len(shape) != 4:
        return "its input is not [batch, channels, height, width]"
    if shape[3] in CHANNELS and shape[1] not in CHANNELS:
        return "its input has the channels last"
    return "" if shape[1] in CHANNELS or fixed(shape[1]) is None else f"its input has {shape[1]} channels"


_XYXY, _CXCYWH = "x1, y1, x2, y2", "cx, cy, w, h"
MEANINGS = {
    Layout.ULTRALYTICS_RAW: f"{_CXCYWH}, class scores, keypoints per anchor",
    Layout.ULTRALYTICS_END2END: f"{_XYXY}, score, class, keypoints per detection",
    Layout.YOLOX_RAW: f"{_CXCYWH} in cells, objectness, class scores per anchor",
    Layout.OBJECTNESS_ROWS: f"{_CXCYWH} in pixels, objectness, class scores per candidate",
    Layout.CLASS_ROWS: f"{_CXCYWH} in pixels, class scores per candidate",
    Layout.BOXES_AND_SCORES: f"{_XYXY} in pixels; class scores per candidate",
    Layout.LABELLED_ROWS: f"{_XYXY} in pixels, score, class per candidate",
    Layout.QUERY_ROWS: f"{_CXCYWH} as fractions, class scores per query",
    Layout.QUERY_LOGITS: f"{_CXCYWH} as fractions; class logits per query",
    Layout.LABELLED_BOXES: f"{_XYXY} in pixels; score; class per detection",
    Layout.BATCH_ROWS: f"image, {_XYXY}, class, score per detection",
    Layout.HEAT_MAPS: "where the ball is, a map of probabilities per frame",
    Layout.HEAT_MAP_LOGITS: "where the ball is, a map of logits per frame",
}
