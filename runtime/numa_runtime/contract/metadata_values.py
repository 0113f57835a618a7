"""What Ultralytics' metadata says, value by value; each is checked, whatever wrote it.

Values are python literals as text (ONNX `metadata_props`) or plain values (OpenVINO's `metadata.yaml`, the JSON in
front of an engine); text is parsed by `ast.literal_eval`, so a file cannot run code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from numa_runtime.contract.spec import Task
from numa_runtime.errors import ContractError

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


def has_ultralytics(metadata: Mapping[str, Any]) -> bool:
    """Return whether `metadata` is Ultralytics': it names the classes and the stride or the task."""
    return "names" in metadata and ("stride" in metadata or "task" in metadata)


def of_yolov5(metadata: Mapping[str, Any]) -> bool:
    """Return whether YOLOv5 wrote it: names and stride, and nothing of later exporters."""
    return "task" not in metadata and "description" not in metadata


def of_rtdetr(metadata: Mapping[str, Any]) -> bool:
    """Return whether it says that the network is an RT-DETR."""
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


def task_of(metadata: Mapping[str, Any]) -> Task:
    """Return the task.

    Raises:
        ContractError: one that is not supported here.
    """
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


def integer(metadata: Mapping[str, Any], key: str, default: int) -> int:
    """Return a positive whole number, the largest of a list, or `default` where it is not said.

    Raises:
        ContractError: it is something else.
    """
    if metadata.get(key) is None:
        return default
    value = parsed(metadata, key)
    if isinstance(value, list | tuple) and value:
        value = max(value)
    if _positive(value):
        return int(value)
    raise ContractError(f"the metadata's {key!r} is {value!r}, not a positive number", hint=ADOPT)


def keypoint_shape(metadata: Mapping[str, Any]) -> tuple[int, int]:
    """Return (keypoints, values of each).

    Raises:
        ContractError: it is not said, or no such pair.
    """
    value = parsed(metadata, "kpt_shape") if "kpt_shape" in metadata else None
    if isinstance(value, list | tuple) and len(value) == 2 and _positive(value[0]) and value[1] in (2, 3):
        return int(value[0]), int(value[1])
    raise ContractError(
        f"a pose model's metadata needs 'kpt_shape' as [keypoints, 2 or 3]; found {value!r}", hint=ADOPT
    )


def image_size(metadata: Mapping[str, Any]) -> tuple[int, int]:
    """Return (height, width) of the input, 640 where it is not said.

    Raises:
        ContractError: it is no size.
    """
    size = parsed(metadata, "imgsz") if "imgsz" in metadata else 640
    pair = size if isinstance(size, list | tuple) else (size, size)
    if len(pair) in (1, 2) and all(map(_positive, pair)):
        return int(pair[0]), int(pair[-1])
    raise ContractError(f"the metadata's 'imgsz' is {size!r}, not one or two positive numbers", hint=ADOPT)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and value >= 1


def arguments(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the exporter was called with, by word."""
    value = parsed(metadata, "args") if "args" in metadata else {}
    return value if isinstance(value, dict) else {}


def finished(metadata: Mapping[str, Any]) -> bool | None:
    """Return whether the graph suppresses by itself; None where the metadata does not say."""
    nms = arguments(metadata).get("nms")
    if str(metadata.get("end2end")) == "True" or nms is True:
        return True
    return False if "end2end" in metadata else None


def model_name(metadata: Mapping[str, Any]) -> str:
    """Return the name in the description ("yolov8n"), "" where there is none."""
    found = re.search(r"(yolo\S*|rt-?detr\S*)", str(metadata.get("description", "")).lower())
    return found[1] if found else ""
