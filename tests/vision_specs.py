"""Small contracts for the tests of this folder."""

from __future__ import annotations

from typing import Any

from numa_runtime.contract import InputSpec, Layout, ModelSpec, OutputSpec, Task


def spec(
    layout: Layout = Layout.CANDIDATES,
    *,
    names: int = 3,
    outputs: tuple[str, ...] = ("boxes", "scores"),
    keypoints: tuple[int, int] | None = None,
    stride: int = 32,
    size: tuple[int | None, int | None] = (64, 64),
    **door: Any,
) -> ModelSpec:
    return ModelSpec(
        task=Task.POSE if keypoints else Task.DETECT,
        names=tuple(f"class{i}" for i in range(names)),
        stride=stride,
        input=InputSpec(height=size[0], width=size[1], **door),
        outputs=tuple(OutputSpec(name, ()) for name in outputs),
        layout=layout,
        keypoint_shape=keypoints,
    )
