"""Scaling without a pass over the pixels: the first convolution's weights take the factor."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from numa_deploy.network.blocks.conv import Conv
from numa_deploy.network.routes import INPUT, Route


@torch.no_grad()
def fold_scale(layers: nn.ModuleDict, routes: Sequence[Route], scale: float) -> bool:
    """Multiply the weights of every layer that reads the input by `scale`, in place; False where one cannot take it.

    A padded border is zero before and after, so the results are the same. Norms must be folded already.
    """
    names = [route.name for route in routes if INPUT in route.sources]
    readers = [layers[name] for name in names if name in layers]
    if len(readers) < len(names) or not all(isinstance(layer, Conv) and layer.is_fused for layer in readers):
        return False
    for layer in readers:
        assert isinstance(layer, Conv)
        layer.conv.weight.copy_(layer.conv.weight.double() * scale)
    return True
