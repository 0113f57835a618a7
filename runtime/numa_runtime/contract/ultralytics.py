"""Ultralytics metadata -> ModelSpec: what their exporter leaves in ONNX, OpenVINO and engine files.

Values are python literals as text (ONNX `metadata_props`) or plain values (OpenVINO's `metadata.yaml`, the JSON in
front of an engine); text is parsed by `ast.literal_eval`, so a file cannot run code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from numa_runtime.contract.grid import cells
from numa_runtime.contract.spec import Color, InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.contract.tensor import TensorInfo, fixed, shape_text
from numa_runtime.errors import ContractError

PIXEL_SCALE = 1 / 255
ULTRALYTICS_KEYS = (
    "description",
    "stride",
    "task",
    "batch",
    "imgsz",
    "names",
    "args",
    "channels",
    "end2end",
    "kpt_shape",
)
_ADOPT = "numa-deploy adopt FILE --family ultralytics --names a,b,c writes a file of ours from it"


def has_ultralytics(metadata: Mapping[str, Any]) -> bool:
    """Return whether `metadata` is Ultralytics': it names the classes and the stride or the task."""
    return "names" in metadata and ("stride" in metadata or "task" in metadata)


def spec_from_ultralytics(
    metadata: Mapping[str, Any], inputs: Sequence[TensorInfo] = (), outputs: Sequence[TensorInfo] = ()
) -> ModelSpec:
    """Build the spec from Ultralytics metadata and the artifact's real inputs and outputs.

    Args:
        metadata: Ultralytics' metadata, by key.
        inputs: all inputs of the artifact. Where it cannot be opened (an engine without a GPU), omit `inputs` and
            `outputs`: shapes then follow from `imgsz`, `batch`, `channels` and the classes.
        outputs: all outputs of the artifact.

    Raises:
        ContractError: a task that is not supported here, damaged metadata, or metadata that the shapes contradict.
    """
    task = _task(metadata)
    names = class_names(_literal(metadata, "names"))
    stride = _integer(metadata, "stride", 32)
    keypoints = _keypoint_shape(metadata) if task is Task.POSE else None
    model_input = _input_spec(metadata, inputs)
    values = keypoints[0] * keypoints[1] if keypoints else 0
    found = tuple(outputs) or (_assumed_output(metadata, model_input, stride, len(names), values),)
    layout = _layout(found[0], len(names), values)
    return ModelSpec(
        task=task,
        names=names,
        stride=stride,
        input=model_input,
        outputs=tuple(OutputSpec(info.name, info.shape, _meaning(layout)) for info in found),
        layout=layout,
        name=_model_name(metadata),
        keypoint_shape=keypoints,
    )


def class_names(value: Any) -> tuple[str, ...]:
    """Return names in class order from a dict (int or digit keys) or a list.

    Raises:
        ContractError: the keys are not 0..n-1, or it is neither a dict nor a list.
    """
    if isinstance(value, list | tuple) and value:
        return tuple(map(str, value))
    if isinstance(value, dict) and value:
        try:
            by_index = {int(key): str(name) for key, name in value.items()}
        except (TypeError, ValueError) as error:
            raise ContractError(f"the class names' keys are not numbers: {error}", hint=_ADOPT) from error
        if sorted(by_index) == list(range(len(by_index))):
            return tuple(by_index[index] for index in range(len(by_index)))
        raise ContractError(f"the class names do not count 0..{len(by_index) - 1}: {sorted(by_index)}", hint=_ADOPT)
    raise ContractError(
        f"the class names are neither a dict nor a list, or are empty: {str(value)[:60]!r}", hint=_ADOPT
    )


def _task(metadata: Mapping[str, Any]) -> Task:
    word = str(metadata.get("task") or ("pose" if "kpt_shape" in metadata else "detect"))
    if word in (Task.DETECT, Task.POSE):
        return Task(word)
    raise ContractError(
        f"the model's task is {word!r}, which is not supported here; supported of Ultralytics models: detect, pose",
        hint="use a detection or pose model, for example yolo11n or yolo11n-pose",
    )


def _literal(metadata: Mapping[str, Any], key: str) -> Any:
    value = metadata[key]
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise ContractError(f"the metadata's {key!r} cannot be read: {value[:60]!r}", hint=_ADOPT) from error


def _integer(metadata: Mapping[str, Any], key: str, default: int) -> int:
    if metadata.get(key) is None:
        return default
    value = _literal(metadata, key)
    if isinstance(value, list | tuple) and value:
        value = max(value)
    if _positive(value):
        return int(value)
    raise ContractError(f"the metadata's {key!r} is {value!r}, not a positive number", hint=_ADOPT)


def _keypoint_shape(metadata: Mapping[str, Any]) -> tuple[int, int]:
    value = _literal(metadata, "kpt_shape") if "kpt_shape" in metadata else None
    if isinstance(value, list | tuple) and len(value) == 2 and _positive(value[0]) and value[1] in (2, 3):
        return int(value[0]), int(value[1])
    raise ContractError(
        f"a pose model's metadata needs 'kpt_shape' as [keypoints, 2 or 3]; found {value!r}", hint=_ADOPT
    )


def _input_spec(metadata: Mapping[str, Any], inputs: Sequence[TensorInfo]) -> InputSpec:
    info = inputs[0] if inputs else _assumed_input(metadata)
    if len(info.shape) != 4:
        raise ContractError(f"the input {info} has rank {len(info.shape)}; [batch, channels, height, width] is needed")
    batch, channels, height, width = map(fixed, info.shape)
    planes = channels or _integer(metadata, "channels", 3)
    if planes not in (1, 3):
        raise ContractError(f"the input {info} has {planes} channels; 1 and 3 are supported", hint=_ADOPT)
    return InputSpec(
        height=height,
        width=width,
        channels=planes,
        batch=batch,
        dtype=info.dtype,
        color=Color.GRAY if planes == 1 else Color.RGB,
        scale=1.0 if info.dtype == "uint8" else PIXEL_SCALE,
        name=info.name,
    )


def _assumed_input(metadata: Mapping[str, Any]) -> TensorInfo:
    height, width = _image_size(metadata)
    arguments = _arguments(metadata)
    dynamic = bool(arguments.get("dynamic"))
    shape: tuple[int | str, ...] = (
        "batch" if dynamic else _integer(metadata, "batch", 1),
        _integer(metadata, "channels", 3),
        "height" if dynamic else height,
        "width" if dynamic else width,
    )
    return TensorInfo("images", shape, "float32")


def _image_size(metadata: Mapping[str, Any]) -> tuple[int, int]:
    size = _literal(metadata, "imgsz") if "imgsz" in metadata else 640
    pair = size if isinstance(size, list | tuple) else (size, size)
    if len(pair) in (1, 2) and all(map(_positive, pair)):
        return int(pair[0]), int(pair[-1])
    raise ContractError(f"the metadata's 'imgsz' is {size!r}, not one or two positive numbers", hint=_ADOPT)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and value >= 1


def _assumed_output(
    metadata: Mapping[str, Any], model_input: InputSpec, stride: int, classes: int, values: int
) -> TensorInfo:
    batch: int | str = model_input.batch or "batch"
    if str(metadata.get("end2end")) == "True" or _arguments(metadata).get("nms") is True:
        return TensorInfo("output0", (batch, 300, 6 + values), "float32")
    strides = tuple(step for step in (8, 16, 32, 64) if step <= stride)
    anchors = (
        cells(model_input.height, model_input.width, strides) if model_input.height and model_input.width else "anchors"
    )
    return TensorInfo("output0", (batch, 4 + classes + values, anchors), "float32")


def _arguments(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    value = _literal(metadata, "args") if "args" in metadata else {}
    return value if isinstance(value, dict) else {}


def _layout(output: TensorInfo, classes: int, values: int) -> Layout:
    if len(output.shape) == 3:
        if output.shape[2] == 6 + values:
            return Layout.ULTRALYTICS_END2END
        if output.shape[1] == 4 + classes + values:
            return Layout.ULTRALYTICS_RAW
    keypoints = f" and {values} keypoint values" if values else ""
    raise ContractError(
        f"the metadata says {classes} classes{keypoints}, but the output is {output.name} {shape_text(output.shape)}: "
        f"neither [batch, {4 + classes + values}, anchors] nor [batch, detections, {6 + values}]",
        hint=_ADOPT,
    )


def _meaning(layout: Layout) -> str:
    if layout is Layout.ULTRALYTICS_END2END:
        return "x1, y1, x2, y2, score, class, keypoints per detection"
    return "cx, cy, w, h, class scores, keypoints per anchor"


def _model_name(metadata: Mapping[str, Any]) -> str:
    found = re.search(r"(yolo\S*|rt-?detr\S*)", str(metadata.get("description", "")).lower())
    return found[1] if found else ""
