"""Our own output names without our contract: the layout is certain, names and colour order are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from numa_runtime.contract.coco import COCO_NAMES, default_names
from numa_runtime.contract.spec import FEATURES, Color, InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.contract.tensor import TensorInfo, fixed, shape_text
from numa_runtime.errors import ContractError

_LAST_AXIS = {"boxes": 4, "detections": 6, "balls": 6}
_RANK = {"boxes": 3, "scores": 3, "features": 3, "detections": 3, "keypoints": 4, "balls": 4}


def spec_from_canonical(model_input: TensorInfo, outputs: Sequence[TensorInfo], where: str) -> ModelSpec | None:
    """Return the spec when the outputs carry our canonical names, None when they do not.

    Others call outputs `boxes` and `scores` too: only a uint8 input, which scales by itself, is one of ours.

    Args:
        model_input: the model's one image input.
        outputs: all outputs of the file.
        where: the file's path, for messages.

    Raises:
        ContractError: the names are ours and the shapes are not.
    """
    by_name = {info.name: info for info in outputs}
    layout = _layout(set(by_name))
    if layout is None or model_input.dtype != "uint8":
        return None
    for name, info in by_name.items():
        _check(info, name, where)
    scores, keypoints, balls = by_name.get("scores"), by_name.get("keypoints"), by_name.get("balls")
    count = fixed(scores.shape[2]) if scores else None
    groups = fixed(balls.shape[1]) or 0 if balls else 0
    return ModelSpec(
        task=Task.MULTITASK if balls else Task.POSE if keypoints else Task.DETECT,
        names=default_names(count) if count else () if balls and not keypoints else COCO_NAMES,
        stride=32,
        input=_input(model_input, groups),
        outputs=tuple(OutputSpec(info.name, info.shape, "") for info in outputs),
        layout=layout,
        keypoint_shape=_keypoint_shape(keypoints) if keypoints else None,
        groups=groups,
        ball_names=("ball",) if balls else (),
    )


def _layout(names: set[str]) -> Layout | None:
    if "balls" in names and names <= {"balls", "boxes", "scores", "keypoints", FEATURES}:
        return Layout.MULTITASK
    if {"boxes", "scores"} <= names <= {"boxes", "scores", "keypoints", FEATURES}:
        return Layout.CANDIDATES
    if {"detections"} <= names <= {"detections", "keypoints"}:
        return Layout.FINAL
    return None


def _check(info: TensorInfo, name: str, where: str) -> None:
    last = _LAST_AXIS.get(name)
    if len(info.shape) != _RANK[name] or (last is not None and fixed(info.shape[-1]) not in (None, last)):
        raise ContractError(
            f"{Path(where).name} has an output {name!r} of shape {shape_text(info.shape)}, "
            "which is not the layout of that name",
            hint="export it again with numa-deploy: its artifacts carry a contract",
        )


def _keypoint_shape(info: TensorInfo) -> tuple[int, int] | None:
    count, values = fixed(info.shape[2]), fixed(info.shape[3])
    return (count, values) if count and values else None


def _input(model_input: TensorInfo, groups: int) -> InputSpec:
    batch, planes, height, width = map(fixed, model_input.shape)
    # A file without metadata that tells balls of fewer frames than it reads: neither 1 nor 3 planes are one picture.
    clip = groups > 0 and planes is not None and (planes == groups > 1 or planes not in (1, 3))
    channels = 1 if clip else planes or 3
    return InputSpec(
        height=height,
        width=width,
        channels=channels,
        frames=planes if clip and planes else 1,
        batch=batch,
        dtype=model_input.dtype,
        color=Color.GRAY if channels == 1 else Color.RGB,
        scale=1.0,
        name=model_input.name,
    )
