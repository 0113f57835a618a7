"""Optimisers and the course of the learning rate."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

import torch
from torch import nn

from numa_deploy.training.optimiser_name import OptimiserName


def make_optimiser(
    network: nn.Module, name: OptimiserName, rate: float, momentum: float, decay: float
) -> torch.optim.Optimizer:
    """Return an optimiser in two groups: weights decay, biases and norms do not.

    Args:
        network: whose parameters; frozen ones are passed over.
        name: settled.
        rate: the first learning rate.
        momentum: of SGD (Nesterov's), the first beta of AdamW.
        decay: weight decay.
    """
    norms = tuple(kind for kind in vars(nn).values() if isinstance(kind, type) and "Norm" in kind.__name__)
    decayed: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    for module in network.modules():
        for word, parameter in module.named_parameters(recurse=False):
            if parameter.requires_grad:
                (plain if word == "bias" or isinstance(module, norms) else decayed).append(parameter)
    groups = [{"params": decayed, "weight_decay": decay}, {"params": plain, "weight_decay": 0.0}]
    if name is OptimiserName.SGD:
        return torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=True)
    return torch.optim.AdamW(groups, lr=rate, betas=(momentum, 0.999))


@dataclass(frozen=True, slots=True)
class Course:
    """The learning rate of every step: a rise, then a cosine or a line down.

    Attributes:
        first: after the rise.
        last: at the end, as a share of `first`.
        rise: steps of the rise.
        steps: all steps.
        cosine: the way down.
    """

    first: float
    last: float
    rise: int
    steps: int
    cosine: bool

    def at(self, step: int) -> float:
        """Return the rate of a step, from 0."""
        if step < self.rise:
            return self.first * (step + 1) / self.rise
        share = (step - self.rise) / max(1, self.steps - self.rise)
        fall = (1 - cos(pi * min(share, 1.0))) / 2 if self.cosine else min(share, 1.0)
        return self.first * (1 - fall * (1 - self.last))
