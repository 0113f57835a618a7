"""Joining after the convolution instead of before it.

A 1x1 convolution of joined maps is the sum of the convolutions of the maps, and enlarging by repetition commutes with
a 1x1 convolution. So an enlarged map is convolved while it is small, a quarter of the work, and neither the enlarged
map nor the joined one is ever written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from numa_deploy.network.blocks.conv import Conv, like
from numa_deploy.network.deploy.split_free import SplitFreeC2f
from numa_deploy.network.routes import Route


class JoiningConv(nn.Module):
    """A fused 1x1 Conv of joined maps, as one convolution per map; `enlarged[i]` is the factor map i still needs."""

    def __init__(self, source: Conv, widths: Sequence[int], enlarged: Sequence[int]) -> None:
        super().__init__()
        self.enlarged, self.act = tuple(enlarged), source.act
        full = source.conv
        self.parts = nn.ModuleList()
        for start, width in zip(_starts(widths), widths, strict=True):
            part = like(full, width, full.out_channels)
            with torch.no_grad():
                part.weight.copy_(full.weight[:, start : start + width])
            part.bias = None
            self.parts.append(part)
        # The largest map's convolution carries the bias; it is added last, so that a backend can add in place.
        self.last = self.enlarged.index(1)
        last = self.parts[self.last]
        assert isinstance(last, nn.Conv2d)
        last.bias = full.bias

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return [B, c2, H, W] of maps, each [B, c_i, H / enlarged_i, W / enlarged_i]."""
        done = []
        for part, x, factor in zip(self.parts, maps, self.enlarged, strict=True):
            y = part(x)
            done.append(y if factor == 1 else functional.interpolate(y, scale_factor=float(factor), mode="nearest"))
        total = done.pop(self.last)
        for other in done:
            total = total + other
        out: Tensor = self.act(total)
        return out


def join_late(layers: nn.ModuleDict, routes: Sequence[Route], channels: Mapping[str, int]) -> tuple[Route, ...]:
    """Rewire every cross-stage block that reads an enlarged map through a Concat, in place; return the new routes.

    Only where Upsample and Concat have no other reader.

    Args:
        layers: all layers by name.
        routes: who reads whose output.
        channels: output channels of every layer.
    """
    by_name = {route.name: route for route in routes}
    readers: dict[str, list[str]] = {}
    for route in routes:
        for source in route.sources:
            readers.setdefault(source, []).append(route.name)
    gone: set[str] = set()
    for route in routes:
        join = by_name.get(route.sources[0])
        if join is None or not join.joins or readers[join.name] != [route.name]:
            continue
        factors = [_factor(layers, source) if readers[source] == [join.name] else 1 for source in join.sources]
        if max(factors) == 1 or min(factors) > 1 or not _can(layers, route):
            continue
        block = layers[route.name]
        assert isinstance(block, SplitFreeC2f)
        widths = [channels[source] for source in join.sources]
        for part in ("first", "second"):
            conv = getattr(block, part)
            block.add_module(part, JoiningConv(conv, widths, factors))
        enlarging = {source for source, factor in zip(join.sources, factors, strict=True) if factor > 1}
        small = tuple(by_name[source].sources[0] if source in enlarging else source for source in join.sources)
        by_name[route.name] = replace(route, sources=small, joins=True)
        gone |= {join.name, *enlarging}
    for name in gone:
        del layers[name]
    return tuple(by_name[route.name] for route in routes if route.name not in gone)


def _can(layers: nn.ModuleDict, route: Route) -> bool:
    block = _layer(layers, route.name)
    return isinstance(block, SplitFreeC2f) and isinstance(block.first, Conv) and isinstance(block.second, Conv)


def _factor(layers: nn.ModuleDict, name: str) -> int:
    """Return by what a layer enlarges by repetition; 1 for every other layer."""
    layer = _layer(layers, name)
    if not isinstance(layer, nn.Upsample) or layer.mode != "nearest" or not isinstance(layer.scale_factor, float):
        return 1
    return int(layer.scale_factor) if layer.scale_factor.is_integer() else 1


def _layer(layers: nn.ModuleDict, name: str) -> nn.Module | None:
    return layers[name] if name in layers else None  # noqa: SIM401 (a ModuleDict has no get)


def _starts(widths: Sequence[int]) -> list[int]:
    return [sum(widths[:at]) for at in range(len(widths))]
