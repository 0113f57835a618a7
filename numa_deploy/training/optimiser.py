"""Optimisers and the course of the learning rate."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi
from typing import Any

import torch
from torch import nn

from numa_deploy.training.optimiser_name import OptimiserName
from numa_deploy.training.train_options import TrainOptions

BIASES = "biases"
FEWEST_RISE = 100
"""Steps of warm-up at least, if they are not more than a third of all."""


def make_optimiser(
    network: nn.Module, name: OptimiserName, rate: float, momentum: float, decay: float, *, fused: bool = True
) -> torch.optim.Optimizer:
    """Return an optimiser in three groups, `decayed`, `norms` and `biases`: the first alone decays.

    Args:
        network: whose parameters; frozen ones are passed over.
        name: settled.
        rate: the first learning rate.
        momentum: of SGD (Nesterov's), the first beta of AdamW.
        decay: weight decay.
        fused: update all parameters of a group in one call; not with the fp16 scaler, whose gradients are clipped.
    """
    norms = tuple(kind for kind in vars(nn).values() if isinstance(kind, type) and "Norm" in kind.__name__)
    parts: dict[str, list[nn.Parameter]] = {"decayed": [], "norms": [], BIASES: []}
    for module in network.modules():
        for word, parameter in module.named_parameters(recurse=False):
            if parameter.requires_grad:
                parts[BIASES if word == "bias" else "norms" if isinstance(module, norms) else "decayed"].append(
                    parameter
                )
    groups: list[dict[str, Any]] = [
        {"params": found, "weight_decay": decay if part == "decayed" else 0.0, "part": part}
        for part, found in parts.items()
    ]
    if name is OptimiserName.SGD:
        return torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=True, fused=fused)
    return torch.optim.AdamW(groups, lr=rate, betas=(momentum, 0.999), fused=fused)


@dataclass(frozen=True, slots=True)
class Course:
    """The learning rate and momentum of every step: a rise, then a cosine or a line down.

    Attributes:
        first: after the rise.
        last: at the end, as a share of `first`.
        rise: steps of the rise.
        steps: all steps.
        cosine: the way down.
        bias_first: the rate of biases before the rise, at whose end they have that of weights; None: as weights.
        momenta: before and after the rise; None: it stays as the optimiser has it.
    """

    first: float
    last: float
    rise: int
    steps: int
    cosine: bool
    bias_first: float | None = None
    momenta: tuple[float, float] | None = None

    def at(self, step: int) -> float:
        """Return the rate of a step, from 0."""
        if step < self.rise:
            return self.first * (step + 1) / self.rise
        share = (step - self.rise) / max(1, self.steps - self.rise)
        fall = (1 - cos(pi * min(share, 1.0))) / 2 if self.cosine else min(share, 1.0)
        return self.first * (1 - fall * (1 - self.last))

    def set(self, optimiser: torch.optim.Optimizer, step: int) -> None:
        """Give an optimiser the rates and the momentum of a step."""
        risen = min(1.0, (step + 1) / self.rise)
        for group in optimiser.param_groups:
            rate = self.at(step)
            if group["part"] == BIASES and self.bias_first is not None and risen < 1:
                rate = self.bias_first + (self.first - self.bias_first) * risen
            group["lr"] = rate
            if self.momenta is not None:
                group["momentum"] = self.momenta[0] + (self.momenta[1] - self.momenta[0]) * risen


def course_of(options: TrainOptions, name: OptimiserName, steps: int) -> Course:
    """Return the course of a training.

    Args:
        options: the recipe.
        name: of the optimiser, settled; SGD's biases and momentum have a rise of their own.
        steps: of the whole training.
    """
    first = options.lr0 if options.lr0 is not None else name.first_rate
    rise = min(max(FEWEST_RISE, round(options.warmup_epochs * steps / options.epochs)), max(1, steps // 3))
    if name is not OptimiserName.SGD:
        return Course(first, options.lrf, rise, steps, options.cos_lr)
    momenta = options.warmup_momentum, options.momentum
    return Course(first, options.lrf, rise, steps, options.cos_lr, options.warmup_bias_lr, momenta)
