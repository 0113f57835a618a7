"""Scaling without a pass over the pixels: the first convolution's weights take the factor."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from numa_deploy.network.blocks.conv import Conv
from numa_deploy.network.blocks.frames import FrameStem
from numa_deploy.network.deploy.clip_conv import ClipConv
from numa_deploy.network.routes import INPUT, Route


@torch.no_grad()
def fold_scale(layers: nn.ModuleDict, routes: Sequence[Route], scale: float) -> bool:
    """Multiply the weights of every layer that reads the input by `scale`, in place; False where one cannot take it.

    A padded border is zero before and after, so the results are the same. Norms must be folded already.
    """
    names = [route.name for route in routes if INPUT in route.sources]
    readers = [layers[name] for name in names if name in layers]
    entries = [entry for layer in readers if (entry := _entry(layer)) is not None]
    if len(entries) < len(names):
        return False
    for conv in entries:
        conv.weight.copy_(conv.weight.double() * scale)
    return True


def _entry(layer: nn.Module) -> nn.Conv2d | None:
    """Return the convolution through which all that a layer reads goes first; None where there is no such one."""
    if isinstance(layer, FrameStem):
        layer = layer.entry
    if isinstance(layer, ClipConv) or (isinstance(layer, Conv) and layer.is_fused):
        return layer.conv
    return None
