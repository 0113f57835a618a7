"""The contract a network follows from."""

from __future__ import annotations

from collections.abc import Sequence

from numa_deploy.network.config.schema import NetworkConfig
from numa_deploy.network.heads.base import Head
from numa_deploy.network.heads.track import TrackHead
from numa_runtime.contract import InputSpec, Layout, ModelSpec, Task


def spec_of(config: NetworkConfig, heads: Sequence[Head], stride: int, features: bool = False) -> ModelSpec:
    """Return the spec of a network with these heads; any batch and any size that is a multiple of the stride.

    Args:
        config: the network's configuration.
        heads: the heads it has.
        stride: the largest of all its layers, which may be coarser than what a head reads.
        features: with appearance features of the candidates.
    """
    tracks = [head for head in heads if isinstance(head, TrackHead)]
    has_boxes = len(tracks) < len(heads)
    return ModelSpec(
        task=config.task,
        names=config.names if has_boxes else (),
        stride=stride,
        input=InputSpec(
            height=None,
            width=None,
            channels=config.channels,
            frames=config.frames,
            batch=None,
            color=config.color,
            imgsz=config.imgsz,
        ),
        outputs=tuple(output for head in heads for output in head.outputs(features)),
        layout=_layout(config, heads),
        name=config.name,
        keypoint_shape=config.keypoint_shape if has_boxes else None,
        groups=tracks[0].ball_frames if tracks else 0,
        ball_names=_ball_names(config, tracks[0].nc) if tracks else (),
    )


def _layout(config: NetworkConfig, heads: Sequence[Head]) -> Layout:
    if config.task is Task.MULTITASK:
        return Layout.MULTITASK
    return Layout.FINAL if any(getattr(head, "end2end", False) for head in heads) else Layout.CANDIDATES


def _ball_names(config: NetworkConfig, count: int) -> tuple[str, ...]:
    if len(config.ball_names) == count:
        return config.ball_names
    return ("ball",) if count == 1 else tuple(f"ball{index}" for index in range(count))
