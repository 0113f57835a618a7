"""Layers that do not learn: neither their weights nor the statistics of their norms."""

from __future__ import annotations

from torch import nn

from numa_deploy.network.model import Network
from numa_deploy.training.layer_words import Layers
from numa_runtime.errors import UsageError


def freeze(network: Network, layers: Layers | None) -> list[nn.Module]:
    """Freeze layers of a network; return them, to be put into evaluation mode whenever the network trains.

    Args:
        network: whose layers.
        layers: the first so many, or some by number.

    Raises:
        UsageError: a layer that the network does not have, or nothing is left to learn.
    """
    if layers is None:
        return []
    wanted = [str(number) for number in (range(layers) if isinstance(layers, int) else layers)]
    missing = [number for number in wanted if number not in network.model]
    if missing:
        last = list(network.model)[-1]
        raise UsageError(f"{network.spec.name} has no layer {missing[0]}; they go from 0 to {last}", hint="--freeze 10")
    frozen = [network.model[number] for number in wanted]
    for layer in frozen:
        layer.requires_grad_(False)
    if not any(parameter.requires_grad for parameter in network.parameters()):
        raise UsageError(f"all layers of {network.spec.name} are frozen", hint="--freeze 10 leaves the others")
    return frozen
