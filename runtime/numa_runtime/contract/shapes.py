"""A file that says nothing about itself, judged by its shapes: what is certain is used, what is guessed is logged."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from numa_runtime.contract.canonical import spec_from_canonical
from numa_runtime.contract.coco import COCO_NAMES, default_names
from numa_runtime.contract.grid import cells, strides_for
from numa_runtime.contract.spec import (
    Anchor,
    Color,
    InputSpec,
    Layout,
    LetterboxRule,
    ModelSpec,
    OutputSpec,
    Task,
)
from numa_runtime.contract.tensor import TensorInfo, fixed, shape_text
from numa_runtime.contract.ultralytics import PIXEL_SCALE
from numa_runtime.errors import ContractError

_LOGGER = logging.getLogger("numa_runtime")
_MOST_FINAL_ROWS = 3840
_COCO_POSE = 4 + 1 + 17 * 3


def spec_from_shapes(inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], where: str) -> ModelSpec:
    """Judge a model by its inputs and outputs alone.

    Known: our own output names; Ultralytics raw `[B, 4 + nc, anchors]` (56 is COCO pose, 17 x 3) and end to end
    `[B, M, 6 + 3 k]`; YOLOX `[B, anchors, 5 + nc]`. One warning says what was taken for granted.

    Args:
        inputs: all inputs of the file.
        outputs: all outputs of the file.
        where: the file's name, for messages.

    Raises:
        ContractError: none of these, or more than one image input; says what was seen.
    """
    model_input = _image_input(inputs, outputs, where)
    spec = spec_from_canonical(model_input, outputs, where) or _foreign(model_input, inputs, outputs, where)
    _LOGGER.warning(
        "%s carries no contract; judged by its shapes: %s, %s, %d classes (%s), input %s %s x %g",
        where,
        spec.task,
        spec.layout,
        len(spec.names),
        "COCO's names assumed" if spec.names == COCO_NAMES else "names unknown",
        spec.input.color,
        spec.input.dtype,
        spec.input.scale,
    )
    return spec


def _image_input(inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], where: str) -> TensorInfo:
    if len(inputs) != 1:
        raise _unknown(where, f"it has {len(inputs)} inputs, one image input is needed", inputs, outputs)
    shape = inputs[0].shape
    if len(shape) != 4:
        raise _unknown(where, "its input is not [batch, channels, height, width]", inputs, outputs)
    if shape[3] in (1, 3) and shape[1] not in (1, 3):
        raise _unknown(where, "its input has the channels last", inputs, outputs)
    return inputs[0]


def _foreign(
    model_input: TensorInfo, inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], where: str
) -> ModelSpec:
    if model_input.shape[1] not in (1, 3):
        raise _unknown(where, f"its input has {model_input.shape[1]} channels", inputs, outputs)
    if len(outputs) != 1:
        reason = "it looks like a segmentation model" if _has_prototypes(outputs) else f"it has {len(outputs)} outputs"
        raise _unknown(where, reason, inputs, outputs)
    spec = _yolox(model_input, outputs[0]) or _raw(model_input, outputs[0]) or _end_to_end(model_input, outputs[0])
    if spec is None:
        raise _unknown(where, _suspicion(model_input, outputs[0]), inputs, outputs)
    return spec


def _yolox(model_input: TensorInfo, output: TensorInfo) -> ModelSpec | None:
    if len(output.shape) != 3:
        return None
    _, anchors, values = map(fixed, output.shape)
    strides = strides_for(anchors, *_size(model_input)) if anchors and values and values > 5 else None
    if strides is None or values is None:
        return None
    return ModelSpec(
        task=Task.DETECT,
        names=default_names(values - 5),
        stride=strides[-1],
        input=_input(model_input, Color.BGR, 1.0, Anchor.TOP_LEFT),
        outputs=(OutputSpec(output.name, output.shape, "cx, cy, w, h in cells, objectness, class scores per anchor"),),
        layout=Layout.YOLOX_RAW,
    )


def _raw(model_input: TensorInfo, output: TensorInfo) -> ModelSpec | None:
    if len(output.shape) != 3:
        return None
    _, values, anchors = map(fixed, output.shape)
    strides = strides_for(anchors, *_size(model_input)) if anchors else (8, 16, 32) if _any_size(model_input) else None
    if strides is None or values is None or values < 5:
        return None
    pose = values == _COCO_POSE
    return ModelSpec(
        task=Task.POSE if pose else Task.DETECT,
        names=("person",) if pose else default_names(values - 4),
        stride=strides[-1],
        input=_input(model_input, Color.RGB, PIXEL_SCALE, Anchor.CENTER),
        outputs=(OutputSpec(output.name, output.shape, "cx, cy, w, h, class scores, keypoints per anchor"),),
        layout=Layout.ULTRALYTICS_RAW,
        keypoint_shape=(17, 3) if pose else None,
    )


def _end_to_end(model_input: TensorInfo, output: TensorInfo) -> ModelSpec | None:
    if len(output.shape) != 3:
        return None
    _, rows, values = map(fixed, output.shape)
    if rows is None or values is None or rows > _MOST_FINAL_ROWS or values < 6 or (values - 6) % 3:
        return None
    keypoints = (values - 6) // 3
    return ModelSpec(
        task=Task.POSE if keypoints else Task.DETECT,
        # The number of classes does not show in this layout: COCO's is by far the most common.
        names=("person",) if keypoints else COCO_NAMES,
        stride=32,
        input=_input(model_input, Color.RGB, PIXEL_SCALE, Anchor.CENTER),
        outputs=(OutputSpec(output.name, output.shape, "x1, y1, x2, y2, score, class, keypoints per detection"),),
        layout=Layout.ULTRALYTICS_END2END,
        keypoint_shape=(keypoints, 3) if keypoints else None,
    )


def _input(model_input: TensorInfo, color: Color, scale: float, anchor: Anchor) -> InputSpec:
    batch, channels, height, width = map(fixed, model_input.shape)
    return InputSpec(
        height=height,
        width=width,
        channels=channels or 3,
        batch=batch,
        dtype=model_input.dtype,
        color=Color.GRAY if channels == 1 else color,
        scale=1.0 if model_input.dtype == "uint8" else scale,
        letterbox=LetterboxRule(anchor, 114),
        name=model_input.name,
    )


def _size(model_input: TensorInfo) -> tuple[int | None, int | None]:
    return fixed(model_input.shape[2]), fixed(model_input.shape[3])


def _any_size(model_input: TensorInfo) -> bool:
    return None in _size(model_input)


def _has_prototypes(outputs: Sequence[TensorInfo]) -> bool:
    return any(len(info.shape) == 4 and info.shape[1] == 32 for info in outputs)


def _suspicion(model_input: TensorInfo, output: TensorInfo) -> str:
    if len(output.shape) == 2:
        return "it looks like a classifier"
    height, width = _size(model_input)
    if len(output.shape) == 3 and height and width and output.shape[1] == 3 * cells(height, width, (8, 16, 32)):
        return "it looks like YOLOv5 (three anchors per cell), which is not supported here"
    return "its output matches no known detector"


def _unknown(where: str, reason: str, inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo]) -> ContractError:
    seen = "; ".join(f"{info.name} {shape_text(info.shape)}" for info in (*inputs, *outputs))
    return ContractError(
        f"{where} carries no contract (names, task, stride), and {reason}: seen {seen}",
        hint=f"numa-deploy adopt {where} --family yolox|ultralytics says what it is and writes a contract",
    )
