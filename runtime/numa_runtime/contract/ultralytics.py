"""Ultralytics metadata -> ModelSpec: what their exporter leaves in ONNX, OpenVINO and engine files."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from numa_runtime.contract.arrays import grid_of
from numa_runtime.contract.coco import default_names
from numa_runtime.contract.family import PIXEL_SCALE, Family
from numa_runtime.contract.foreign import MEANINGS, candidates, spec_of
from numa_runtime.contract.grid import cells
from numa_runtime.contract.metadata_values import (
    ADOPT,
    arguments,
    class_names,
    finished,
    image_size,
    integer,
    keypoint_shape,
    model_name,
    of_rtdetr,
    of_yolov5,
    parsed,
    task_of,
)
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
_QUERIES = 300


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
    task = task_of(metadata)
    keypoints = keypoint_shape(metadata) if task is Task.POSE else None
    values = keypoints[0] * keypoints[1] if keypoints else 0
    found_names, stride = _names_and_stride(metadata, names, class_count(outputs, values) if lenient else None)
    if task is Task.DETECT and inputs and of_yolov5(metadata):
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
        name=model_name(metadata),
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
            return found, integer(metadata, "stride", 32)
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


def _input_spec(metadata: Mapping[str, Any], inputs: Sequence[TensorInfo]) -> InputSpec:
    info = inputs[0] if inputs else _assumed_input(metadata)
    if len(info.shape) != 4:
        raise ContractError(f"the input {info} has rank {len(info.shape)}; [batch, channels, height, width] is needed")
    batch, channels, height, width = map(fixed, info.shape)
    planes = channels or integer(metadata, "channels", 3)
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
    height, width = image_size(metadata)
    dynamic = bool(arguments(metadata).get("dynamic"))
    shape: tuple[int | str, ...] = (
        "batch" if dynamic else integer(metadata, "batch", 1),
        integer(metadata, "channels", 3),
        "height" if dynamic else height,
        "width" if dynamic else width,
    )
    return TensorInfo("images", shape, "float32")


def _assumed_output(
    metadata: Mapping[str, Any], model_input: InputSpec, stride: int, classes: int, values: int
) -> TensorInfo:
    batch: int | str = model_input.batch or "batch"
    if of_rtdetr(metadata):
        return TensorInfo("output0", (batch, _QUERIES, 4 + classes), "float32")
    if finished(metadata):
        return TensorInfo("output0", (batch, _QUERIES, 6 + values), "float32")
    strides = tuple(step for step in (8, 16, 32, 64) if step <= stride)
    anchors = (
        cells(model_input.height, model_input.width, strides) if model_input.height and model_input.width else "anchors"
    )
    return TensorInfo("output0", (batch, 4 + classes + values, anchors), "float32")


def _layout(
    metadata: Mapping[str, Any], output: TensorInfo, model_input: InputSpec, classes: int, values: int
) -> Layout:
    """Return the layout that the metadata says and the shape does not contradict; an axis without a number fits any."""
    if len(output.shape) == 3:
        _, middle, last = map(fixed, output.shape)
        on_grid = grid_of(middle, (model_input.height, model_input.width)) is not None
        is_finished = finished(metadata)
        is_final = last in (None, 6 + values) and not on_grid
        is_raw = middle in (None, 4 + classes + values)
        is_rows = last in (None, 4 + classes) and not values
        choices = (
            (of_rtdetr(metadata) and is_rows, Layout.QUERY_ROWS),
            (is_finished and is_final, Layout.ULTRALYTICS_END2END),
            (is_raw and middle, Layout.ULTRALYTICS_RAW),
            (is_rows and last and (on_grid or (is_finished is False and middle is None)), Layout.CLASS_ROWS),
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
