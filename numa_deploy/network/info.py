"""info: how many layers, parameters and operations a network has, and where they are."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn

from numa_deploy.network.blocks.attention import Attention
from numa_deploy.network.model import Network, head_word
from numa_deploy.network.routes import Route, run_layers


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """One row: the layer's number, whose outputs it reads, its block, parameters, and GFLOPs of one forward pass."""

    layer: str
    sources: str
    block: str
    parameters: int
    gflops: float


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """A network in numbers.

    GFLOPs count two operations per multiplication with addition, of convolutions and attention products.

    Attributes:
        name: the network's name.
        height: of the input the operations are counted at.
        width: of the input the operations are counted at.
        modules: number of modules without children.
        rows: one per layer.
        heads: names of the layers that are heads.
    """

    name: str
    height: int
    width: int
    modules: int
    rows: tuple[LayerInfo, ...]
    heads: tuple[str, ...]

    @property
    def parameters(self) -> int:
        """All weights, fixed ones included."""
        return sum(row.parameters for row in self.rows)

    @property
    def gflops(self) -> float:
        """Of a whole forward pass with raw logits."""
        return sum(row.gflops for row in self.rows)

    def table(self) -> str:
        """Return the rows as aligned text, with a line for the trunk, each head and the sum."""
        lines = [f"{'layer':>5}  {'from':<12}  {'block':<10}  {'parameters':>10}  {'GFLOPs':>7}"]
        lines += [
            f"{row.layer:>5}  {row.sources:<12}  {row.block:<10}  {row.parameters:>10,}  {row.gflops:>7.2f}"
            for row in (*self.rows, *self._sums())
        ]
        lines.append(
            f"{self.name}: {self.modules} modules, {self.parameters:,} parameters, "
            f"{self.gflops:.1f} GFLOPs at {self.height}x{self.width}"
        )
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        totals = {"parameters": self.parameters, "gflops": self.gflops}
        parts = {row.block: {"parameters": row.parameters, "gflops": row.gflops} for row in self._sums()}
        return {**asdict(self), **totals, "parts": parts}

    def _sums(self) -> tuple[LayerInfo, ...]:
        trunk = [row for row in self.rows if row.layer not in self.heads]
        total = LayerInfo("", "", "trunk", sum(row.parameters for row in trunk), sum(row.gflops for row in trunk))
        return (total, *(row for row in self.rows if row.layer in self.heads))


def info(network: Network, height: int = 640, width: int = 640) -> NetworkInfo:
    """Count a network; shapes are followed on the meta device, nothing is computed."""
    meter = _Meter(network, height, width)
    rows = tuple(_row(network, route, meter.operations.get(route.name, 0)) for route in network.routes)
    leaves = sum(1 for module in network.modules() if not list(module.children()))
    heads = tuple(route.name for route in network.routes if route.is_head)
    return NetworkInfo(network.spec.name, height, width, leaves, rows, heads)


def _row(network: Network, route: Route, operations: int) -> LayerInfo:
    module = network.model[route.name]
    parameters = sum(weight.numel() for weight in module.parameters())
    block = head_word(module) if route.is_head else type(module).__name__
    return LayerInfo(route.name, ", ".join(route.sources), block, parameters, operations / 1e9)


class _Meter:
    """Runs a copy of the network on the meta device and adds up what its convolutions and products would do."""

    def __init__(self, network: Network, height: int, width: int) -> None:
        self.operations: dict[str, int] = {}
        self._layer = ""
        shapes = deepcopy(network.model).to("meta").eval()
        for name, module in shapes.items():
            self._watch(name, module)
        planes = network.config.frames * network.config.channels
        features = run_layers(shapes, network.routes, torch.empty(1, planes, height, width, device="meta"))
        for route in network.routes:
            if route.is_head:
                head = shapes[route.name]
                list(head([features[source] for source in route.sources]))  # a level at a time: all of it

    def _watch(self, name: str, root: nn.Module) -> None:
        for module in _countable(root):
            module.register_forward_hook(lambda module, _, output, name=name: self._add(name, module, output))

    def _add(self, name: str, module: nn.Module, output: torch.Tensor) -> None:
        self.operations[name] = self.operations.get(name, 0) + 2 * _products(module, output)


def _countable(root: nn.Module) -> Iterator[nn.Module]:
    return (module for module in root.modules() if isinstance(module, nn.Conv2d | Attention))


def _products(module: nn.Module, output: torch.Tensor) -> int:
    """Return the multiplications with addition behind `output`, those without those of inner convolutions."""
    if isinstance(module, nn.Conv2d):
        return output.numel() * module.in_channels // module.groups * module.kernel_size[0] * module.kernel_size[1]
    assert isinstance(module, Attention)
    cells = output.shape[-2] * output.shape[-1]
    return output.shape[0] * module.heads * cells * cells * (module.key_dim + module.value_dim)
