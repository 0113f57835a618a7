"""Ultralytics metadata -> ModelSpec: what their exporter leaves in ONNX, OpenVINO and engine files.

Values are python literals as text (ONNX `metadata_props`) or plain values (OpenVINO's `metadata.yaml`, the JSON in
front of an engine); text is parsed by `ast.literal_eval`, so a file cannot run code.
"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from numa_runtime.contract.arrays import grid_of
from numa_runtime.contract.coco import default_names
from numa_runtime.contract.family import PIXEL_SCALE, Family
from numa_runtime.contract.foreign import MEANINGS, candidates, spec_of
from numa_runtime.contract.grid import cells
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
from numa_runtime.errors import ContractError, UsageError

_LOGGER = logging.getLogger("numa_runtime")
ULTRALYTICS_KEYS = (
    "description",
    "stride",
    "task",
    "head",
    "batch",
    "imgsz",
    "names",
    "args",
    "channels",
    "end2end",
    "kpt_shape",
)
ADOPT = "numa-deploy adopt FILE --family ultralytics"
"""Stands for the command that leads on, which `choosing.way_out` finds: here the file is not known."""
_QUERIES = 300


def has_ultralytics(metadata: Mapping[str, Any]) -> bool:
    """Return whether `metadata` is Ultralytics': it names the classes and the stride or the task."""
    return "names" in metadata and ("stride" in metadata or "task" in metadata)


def spec_from_ultralytics(
    metadata: Mapping[str, Any],
    inputs: Sequence[TensorInfo] = (),
    outputs: Sequence[TensorInfo] = (),
    *,
    names: Sequence[str] | None = None,
    lenient: bool = False,
) -> ModelSpec:
    """Build the spec from Ultralytics metadata and the artifact's real inputs and outputs.

    YOLOv5's exporter writes a part of it, names and stride: its rows with objectness are told by that.

    Args:
        metadata: Ultralytics' metadata, by key.
        inputs: all inputs of the artifact. Where it cannot be opened (an engine without a GPU), omit `inputs` and
            `outputs`: shapes then follow from `imgsz`, `batch`, `channels` and the classes.
        outputs: all outputs of the artifact.
        names: the class names, where people know better than the file.
        lenient: takes what the shapes say in place of names and a stride that cannot be read, and says so.

    Raises:
        ContractError: a task that is not supported here, damaged metadata, or metadata that the shapes contradict.
        UsageError: not as many names as classes.
    """
    task = _task(metadata)
    keypoints = _keypoint_shape(metadata) if task is Task.POSE else None
    values = keypoints[0] * keypoints[1] if keypoints else 0
    found_names, stride = _names_and_stride(metadata, names, class_count(outputs, values) if lenient else None)
    if task is Task.DETECT and inputs and _of_yolov5(metadata):
        for arrays in candidates(Family.YOLOV5, inputs[0], outputs):
            if arrays.classes == len(found_names):
                return spec_of(Family.YOLOV5, arrays, inputs[0], found_names)
    model_input = _input_spec(metadata, inputs)
    found = tuple(outputs) or (_assumed_output(metadata, model_input, stride, len(found_names), values),)
    layout = _layout(metadata, found[0], model_input, len(found_names), values)
    if layout is Layout.QUERY_ROWS:
        model_input = replace(model_input, letterbox=LetterboxRule(Anchor.STRETCH))
    return ModelSpec(
        task=task,
        names=found_names,
        stride=stride,
        input=model_input,
        outputs=tuple(OutputSpec(info.name, info.shape, MEANINGS[layout]) for info in found),
        layout=layout,
        name=_model_name(metadata),
        keypoint_shape=keypoints,
    )


def _names_and_stride(
    metadata: Mapping[str, Any], names: Sequence[str] | None, count: int | None
) -> tuple[tuple[str, ...], int]:
    """Return the class names and the stride; `count` classes are numbered where the file's names cannot be used."""
    check_names(names, count, "the file")
    try:
        found = tuple(names) if names else class_names(parsed(metadata, "names"))
        if count in (None, len(found)):
            return found, _integer(metadata, "stride", 32)
        problem = f"the metadata has {len(found)} class names, the output {count} classes"
    except ContractError as error:
        if count is None:
            raise
        problem = error.what
    if not names:
        _LOGGER.warning("%s: the classes are numbered; --names says what they are", problem)
    return tuple(names or default_names(count)), 32


def check_names(names: Sequence[str] | None, count: int | None, where: str) -> None:
    """Refuse names that are not as many as the classes, as far as both are known.

    Raises:
        UsageError: says both numbers.
    """
    if names is not None and count not in (None, len(names)):
        raise UsageError(
            f"{len(names)} names were given and {where} has {count} classes",
            hint="give one name per class, in the order of training",
        )


def class_count(outputs: Sequence[TensorInfo], values: int = 0) -> int | None:
    """Return how many classes a raw output has by its shape, None where that cannot be said.

    Args:
        outputs: all outputs of the file.
        values: keypoint values of each anchor.
    """
    shape = tuple(map(fixed, outputs[0].shape)) if outputs else ()
    if len(shape) != 3 or shape[1] is None or (shape[2] is not None and shape[2] < shape[1]):
        return None
    return shape[1] - 4 - values if shape[1] > 4 + values else None


def _of_yolov5(metadata: Mapping[str, Any]) -> bool:
    return "task" not in metadata and "description" not in metadata


def _of_rtdetr(metadata: Mapping[str, Any]) -> bool:
    told = f"{metadata.get('head', '')} {metadata.get('description', '')}"
    return re.search(r"rt-?detr", told, re.IGNORECASE) is not None


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
            raise ContractError(f"the class names' keys are not numbers: {error}", hint=ADOPT) from error
        if sorted(by_index) == list(range(len(by_index))):
            return tuple(by_index[index] for index in range(len(by_index)))
        raise ContractError(f"the class names do not count 0..{len(by_index) - 1}: {sorted(by_index)}", hint=ADOPT)
    raise ContractError(f"the class names are neither a dict nor a list, or are empty: {str(value)[:60]!r}", hint=ADOPT)


def _task(metadata: Mapping[str, Any]) -> Task:
    word = str(metadata.get("task") or ("pose" if "kpt_shape" in metadata else "detect"))
    if word in (Task.DETECT, Task.POSE):
        return Task(word)
    raise ContractError(
        f"the model's task is {word!r}, which is not supported here; supported of Ultralytics models: detect, pose",
        hint="use a detection or pose model, for example yolo11n or yolo11n-pose",
    )


def parsed(metadata: Mapping[str, Any], key: str) -> Any:
    """Return a value of the metadata, which may be a Python literal as text.

    Raises:
        ContractError: it is a text that is none.
    """
    value = metadata[key]
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise ContractError(f"the metadata's {key!r} cannot be read: {value[:60]!r}", hint=ADOPT) from error


def _integer(metadata: Mapping[str, Any], key: str, default: int) -> int:
    if metadata.get(key) is None:
        return default
    value = parsed(metadata, key)
    if isinstance(value, list | tuple) and value:
        value = max(value)
    if _positive(value):
        return int(value)
    raise ContractError(f"the metadata's {key!r} is {value!r}, not a positive number", hint=ADOPT)


def _keypoint_shape(metadata: Mapping[str, Any]) -> tuple[int, int]:
    value = parsed(metadata, "kpt_shape") if "kpt_shape" in metadata else None
    if isinstance(value, list | tuple) and len(value) == 2 and _positive(value[0]) and value[1] in (2, 3):
        return int(value[0]), int(value[1])
    raise ContractError(
        f"a pose model's metadata needs 'kpt_shape' as [keypoints, 2 or 3]; found {value!r}", hint=ADOPT
    )


def _input_spec(metadata: Mapping[str, Any], inputs: Sequence[TensorInfo]) -> InputSpec:
    info = inputs[0] if inputs else _assumed_input(metadata)
    if len(info.shape) != 4:
        raise ContractError(f"the input {info} has rank {len(info.shape)}; [batch, channels, height, width] is needed")
    batch, channels, height, width = map(fixed, info.shape)
    planes = channels or _integer(metadata, "channels", 3)
    if planes not in (1, 3):
        raise ContractError(f"the input {info} has {planes} channels; 1 and 3 are supported", hint=ADOPT)
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
    size = parsed(metadata, "imgsz") if "imgsz" in metadata else 640
    pair = size if isinstance(size, list | tuple) else (size, size)
    if len(pair) in (1, 2) and all(map(_positive, pair)):
        return int(pair[0]), int(pair[-1])
    raise ContractError(f"the metadata's 'imgsz' is {size!r}, not one or two positive numbers", hint=ADOPT)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and value >= 1


def _assumed_output(
    metadata: Mapping[str, Any], model_input: InputSpec, stride: int, classes: int, values: int
) -> TensorInfo:
    batch: int | str = model_input.batch or "batch"
    if _of_rtdetr(metadata):
        return TensorInfo("output0", (batch, _QUERIES, 4 + classes), "float32")
    if _finished(metadata):
        return TensorInfo("output0", (batch, _QUERIES, 6 + values), "float32")
    strides = tuple(step for step in (8, 16, 32, 64) if step <= stride)
    anchors = (
        cells(model_input.height, model_input.width, strides) if model_input.height and model_input.width else "anchors"
    )
    return TensorInfo("output0", (batch, 4 + classes + values, anchors), "float32")


def _arguments(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    value = parsed(metadata, "args") if "args" in metadata else {}
    return value if isinstance(value, dict) else {}


def _finished(metadata: Mapping[str, Any]) -> bool | None:
    """Return whether the graph suppresses by itself; None where the metadata does not say."""
    nms = _arguments(metadata).get("nms")
    if str(metadata.get("end2end")) == "True" or nms is True:
        return True
    return False if "end2end" in metadata else None


def _layout(
    metadata: Mapping[str, Any], output: TensorInfo, model_input: InputSpec, classes: int, values: int
) -> Layout:
    """Return the layout that the metadata says and the shape does not contradict; an axis without a number fits any."""
    if len(output.shape) == 3:
        _, middle, last = map(fixed, output.shape)
        on_grid = grid_of(middle, (model_input.height, model_input.width)) is not None
        finished = _finished(metadata)
        is_final = last in (None, 6 + values) and not on_grid
        is_raw = middle in (None, 4 + classes + values)
        is_rows = last in (None, 4 + classes) and not values
        choices = (
            (_of_rtdetr(metadata) and is_rows, Layout.QUERY_ROWS),
            (finished and is_final, Layout.ULTRALYTICS_END2END),
            (is_raw and middle, Layout.ULTRALYTICS_RAW),
            (is_rows and last and (on_grid or (finished is False and middle is None)), Layout.CLASS_ROWS),
            (is_final and last, Layout.ULTRALYTICS_END2END),
            (is_rows and middle and last and not on_grid, Layout.QUERY_ROWS),
            (is_raw, Layout.ULTRALYTICS_RAW),
        )
        found = next((layout for fits, layout in choices if fits), None)
        if found is not None:
            return found
    keypoints = f" and {values} keypoint values" if values else ""
    raise ContractError(
        f"the metadata says {classes} classes{keypoints}, but the output is {output.name} {shape_text(output.shape)}: "
        f"neither [batch, {4 + classes + values}, anchors] nor [batch, detections, {6 + values}]",
        hint=ADOPT,
    )


def _model_name(metadata: Mapping[str, Any]) -> str:
    found = re.search(r"(yolo\S*|rt-?detr\S*)", str(metadata.get("description", "")).lower())
    return found[1] if found else ""
