"""Weights of another network: what fits is taken over, and what does not is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from numa_deploy.network.model import Network
from numa_deploy.network.state import is_fixed

_MOST_NAMES = 3
_PICTURE = (1, 3)
"""Planes of a single picture, grey or in colour."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """What became of a network's tensors.

    Attributes:
        taken: tensors that were copied.
        adapted: the first layer, where it was made for other planes.
        left: tensors of the network that keep their first values: none of that name, or of another shape.
    """

    taken: tuple[str, ...]
    adapted: tuple[str, ...]
    left: tuple[str, ...]

    def line(self) -> str:
        """Return it as a sentence."""
        told = f"{len(self.taken)} of {len(self.taken) + len(self.adapted) + len(self.left)} tensors taken over"
        if self.adapted:
            told += f"; {self.adapted[0]} adapted to other planes"
        if self.left:
            more = len(self.left) - _MOST_NAMES
            names = ", ".join(self.left[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
            told += f"; left as they were: {names}"
        return told


@torch.no_grad()
def take_what_fits(network: Network, state: Mapping[str, Tensor]) -> Fitting:
    """Copy the tensors of `state` that have the name and shape of one of the network's.

    The first layer may have been made for other planes, and a grey picture is then answered as before. What looked at
    one picture looks at the newest frame of a clip, which is the one that boxes and keypoints are of; otherwise each
    plane gets the same share.
    """
    own = {name: tensor for name, tensor in network.state_dict().items() if not is_fixed(name)}
    first = next(iter(own))
    taken, adapted, left = [], [], []
    for name, tensor in own.items():
        given = state.get(name)
        if given is not None and given.shape == tensor.shape:
            tensor.copy_(given)
            taken.append(name)
        elif given is not None and name == first and _differs_in_planes(given, tensor):
            planes = network.config.channels if given.shape[1] in _PICTURE else tensor.shape[1]
            tensor.zero_()[:, -planes:] = given.sum(dim=1, keepdim=True) / planes
            adapted.append(name)
        else:
            left.append(name)
    return Fitting(tuple(taken), tuple(adapted), tuple(left))


def _differs_in_planes(given: Tensor, own: Tensor) -> bool:
    return given.ndim == own.ndim == 4 and (*given.shape[:1], *given.shape[2:]) == (*own.shape[:1], *own.shape[2:])
