"""How layers are wired: each reads the outputs of named earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn

INPUT = "input"


@dataclass(frozen=True, slots=True)
class Route:
    """One layer: its name (its number in the configuration, as text), whose outputs it reads, whether it is a head."""

    name: str
    sources: tuple[str, ...]
    is_head: bool = False
    joins: bool = False


def run_layers(layers: nn.ModuleDict, routes: Sequence[Route], x: Tensor, *, keep: bool = False) -> dict[str, Tensor]:
    """Run all layers but the heads; return the outputs that the heads read, by layer name.

    Any other output is released after its last reader, so that memory stays small.

    Args:
        layers: all layers by name.
        routes: who reads whose output.
        x: float [B, planes, H, W].
        keep: return every layer's output.
    """
    last = {source: at for at, route in enumerate(routes) for source in route.sources}
    wanted = {source for route in routes if route.is_head for source in route.sources}
    outputs = {INPUT: x}
    for at, route in enumerate(routes):
        if route.is_head:
            continue
        inputs = [outputs[source] for source in route.sources]
        outputs[route.name] = layers[route.name](inputs if route.joins else inputs[0])
        for source in {*route.sources}:
            if last[source] == at and source not in wanted and not keep:
                del outputs[source]
    return outputs


def needed(routes: Sequence[Route]) -> tuple[Route, ...]:
    """Return the routes that lead to a head; the others compute what nobody reads."""
    kept: list[Route] = []
    wanted: set[str] = set()
    for route in reversed(routes):
        if route.is_head or route.name in wanted:
            kept.append(route)
            wanted.update(route.sources)
    return tuple(reversed(kept))
