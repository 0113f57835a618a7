"""Deployed: the inference form of a whole network, from uint8 pixels to the contract's outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from numa_deploy.network.deploy.scaling import fold_scale
from numa_deploy.network.routes import Route, run_layers
from numa_runtime.contract import ModelSpec

EXAMPLE_SIDE = 640
PIXEL_RANGE = 255


class Deployed(nn.Module):
    """uint8 [B, planes, H, W] -> a tuple of float32 outputs, named by `output_names`.

    Made by `Network.deploy()`; it shares nothing with the network. H and W are multiples of the stride. `scaled` says
    whether the weights take pixels as they are, which the constructor ensures where it can.
    """

    def __init__(
        self, layers: nn.ModuleDict, routes: Sequence[Route], heads: Mapping[str, nn.Module], spec: ModelSpec
    ) -> None:
        super().__init__()
        self.model = layers
        self.heads = nn.ModuleDict(heads)
        self.routes = tuple(routes)
        self.spec = spec
        self.scaled = fold_scale(layers, routes, 1 / PIXEL_RANGE)
        self.eval()
        self.requires_grad_(False)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs, in the order `forward` returns them."""
        return tuple(output.name for output in self.spec.outputs)

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """images: uint8 [B, planes, H, W], 0-255. The cast comes first: TensorRT takes uint8 no other way."""
        x = images.to(torch.float32)
        if not self.scaled:
            x = x / PIXEL_RANGE
        features = run_layers(self.model, self.routes, x)
        found: dict[str, Tensor] = {}
        for route in self.routes:
            if route.name in self.heads:
                found |= self.heads[route.name]([features[source] for source in route.sources])
        return tuple(found[name] for name in self.output_names)

    def example_input(self, height: int = EXAMPLE_SIDE, width: int = EXAMPLE_SIDE, batch: int = 1) -> Tensor:
        """Return uint8 noise [batch, planes, height, width], the same on every call; for tracing and shapes."""
        generator = torch.Generator().manual_seed(0)
        shape = (batch, self.spec.input.planes, height, width)
        return torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)
