"""From the rows of a configuration to modules: the one table of blocks and heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Any

from torch import nn

from numa_deploy.network.blocks.attention import C2PSA
from numa_deploy.network.blocks.conv import Concat, Conv, depthwise
from numa_deploy.network.blocks.csp import C2f, C3k2
from numa_deploy.network.blocks.frames import FrameStem
from numa_deploy.network.blocks.pooling import SPPF
from numa_deploy.network.config.schema import NetworkConfig, Row
from numa_deploy.network.heads.base import BOX_BINS
from numa_deploy.network.heads.detect import DetectHead
from numa_deploy.network.heads.pose import PoseHead
from numa_deploy.network.heads.track import TrackHead
from numa_deploy.network.routes import INPUT, Route, needed
from numa_runtime.errors import ModelError, nearest

_WORDS = {"Detect": "DetectHead", "Pose": "PoseHead", "nn.Upsample": "Upsample"}


class Kind(StrEnum):
    """What a row can be; the value is the word in the YAML."""

    CONV = "Conv"
    DW_CONV = "DWConv"
    C2F = "C2f"
    C3K2 = "C3k2"
    C2PSA = "C2PSA"
    SPPF = "SPPF"
    CONCAT = "Concat"
    UPSAMPLE = "Upsample"
    FRAMES = "FrameStem"
    DETECT = "DetectHead"
    POSE = "PoseHead"
    TRACK = "TrackHead"

    @property
    def is_head(self) -> bool:
        """Whether the row ends the trunk."""
        return self in (Kind.DETECT, Kind.POSE, Kind.TRACK)


@dataclass(frozen=True, slots=True)
class Plan:
    """A network's modules by layer name, how they are wired, and each layer's output channels."""

    layers: dict[str, nn.Module]
    routes: tuple[Route, ...]
    channels: dict[str, int]


def make_layers(config: NetworkConfig, *, track: bool, pose: bool) -> Plan:
    """Make every row's module; heads that are not wanted are omitted with all that only they read.

    The others keep their numbers.

    Args:
        config: the network's configuration.
        track: False omits the track head.
        pose: False omits the pose head.

    Raises:
        ModelError: a row is not valid; it is named by its number and block.
    """
    layers: dict[str, nn.Module] = {}
    channels = {INPUT: config.frames * config.channels}
    routes = []
    for at, row in enumerate(config.rows):
        kind = _kind(row, at)
        if (kind is Kind.TRACK and not track) or (kind is Kind.POSE and not pose):
            continue
        sources = tuple(_source(number, at, row) for number in row.sources)
        try:
            inputs = [channels[source] for source in sources]
            module, out = _make_head(kind, row, inputs, config) if kind.is_head else _make(kind, row, inputs, config)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ModelError(
                f"layer {at} ({row.block} {list(row.numbers)} from {list(row.sources)}): {error}"
            ) from error
        layers[str(at)], channels[str(at)] = module, out
        routes.append(Route(str(at), sources, kind.is_head, kind is Kind.CONCAT))
    if not any(route.is_head for route in routes):
        raise ModelError("the network has no head left", hint="keep at least one of track and pose")
    kept = needed(routes)
    return Plan({route.name: layers[route.name] for route in kept}, kept, channels)


def _kind(row: Row, at: int) -> Kind:
    word = _WORDS.get(row.block, row.block)
    if word not in list(Kind):
        raise ModelError(
            f"layer {at} is a {row.block!r}, which is not supported here{nearest(word, [kind.value for kind in Kind])}",
            hint=f"blocks: {', '.join(Kind)}",
        )
    return Kind(word)


def _source(number: int | str, at: int, row: Row) -> str:
    if isinstance(number, str):
        if number != INPUT:
            raise ModelError(f"layer {at} ({row.block}) reads {number!r}; it is a layer's number, or {INPUT}")
        return INPUT
    absolute = number if number >= 0 else at + number
    if absolute == -1:
        return INPUT
    if not 0 <= absolute < at:
        raise ModelError(f"layer {at} ({row.block}) reads layer {number}, which does not come before it")
    return str(absolute)


def _make(kind: Kind, row: Row, inputs: Sequence[int], config: NetworkConfig) -> tuple[nn.Module, int]:
    if kind in (Kind.CONCAT, Kind.UPSAMPLE):
        return _without_weights(kind, row, inputs)
    c1, scale = inputs[0], config.scale
    if kind is Kind.FRAMES:
        widths = [_eights(min(int(number), scale.most) * scale.width) for number in row.numbers]
        return FrameStem(config.frames, c1 // config.frames, widths, row.repeats), config.frames * widths[-1]
    c2 = _eights(min(int(row.numbers[0]), scale.most) * scale.width)
    rest: tuple[Any, ...] = row.numbers[1:]
    n = max(round(row.repeats * scale.depth), 1) if row.repeats > 1 else row.repeats
    if kind is Kind.C2F:
        return C2f(c1, c2, n, *map(bool, rest[:1])), c2
    if kind is Kind.C3K2:
        nested, share = bool(rest[0]) if rest else False, float(rest[1]) if len(rest) > 1 else 0.5
        return C3k2(c1, c2, n, nested or config.nested, share, *map(bool, rest[2:3])), c2
    if kind is Kind.C2PSA:
        return C2PSA(c1, c2, n), c2
    made = [_plain(kind, c1 if at == 0 else c2, c2, list(map(int, rest))) for at in range(n)]
    return (made[0] if n == 1 else nn.Sequential(*made)), c2


def _without_weights(kind: Kind, row: Row, inputs: Sequence[int]) -> tuple[nn.Module, int]:
    if kind is Kind.CONCAT:
        return Concat(), sum(inputs)
    return nn.Upsample(scale_factor=float(row.numbers[0]), mode="nearest"), inputs[0]


def _plain(kind: Kind, c1: int, c2: int, rest: list[int]) -> nn.Module:
    if kind is Kind.SPPF:
        kernel, pools, shortcut, act = [*rest, *(5, 3, 0, 1)[len(rest) :]]
        return SPPF(c1, c2, kernel, pools, bool(shortcut), bool(act))
    k, s = (*rest, 1, 1)[:2]
    return depthwise(c1, c2, k, s) if kind is Kind.DW_CONV else Conv(c1, c2, k, s)


def _make_head(kind: Kind, row: Row, inputs: Sequence[int], config: NetworkConfig) -> tuple[nn.Module, int]:
    options = dict(row.options)
    if kind is Kind.TRACK:
        groups = options.setdefault("num_groups", config.frames)
        if groups != config.frames:
            raise ModelError(
                f"the track head has num_groups G={groups}, but the clip has {config.frames} frames; "
                "group g describes frame g",
                hint=f"set num_groups: {config.frames}, or input: {{frames: {groups}}}",
            )
        return TrackHead(options.pop("nc", max(len(config.ball_names), 1)), inputs, **options), 0
    options.setdefault("depthwise", any(other.block == Kind.C3K2 for other in config.rows))
    options.setdefault("reg_max", BOX_BINS)
    if kind is Kind.POSE:
        if config.keypoint_shape is None:
            raise ModelError("a PoseHead needs kpt_shape: [keypoints, 2 or 3] in the configuration")
        return PoseHead(config.nc, inputs, config.keypoint_shape, **options), 0
    return DetectHead(config.nc, inputs, **options), 0


def _eights(channels: float) -> int:
    return ceil(channels / 8) * 8
