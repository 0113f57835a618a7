"""EMA: the average of the weights over the last steps, which is what is validated and kept."""

from __future__ import annotations

from copy import deepcopy
from math import exp
from typing import Any

import torch
from torch import Tensor, nn

DECAY, RAMP = 0.9999, 2000.0


class Average:
    """The exponential moving average of a network, buffers included.

    The decay rises with the number of steps, DECAY (1 - exp(-n / RAMP)), so that the first weights, which are noise,
    are soon forgotten.
    """

    def __init__(self, network: nn.Module) -> None:
        self.network = deepcopy(network).eval().requires_grad_(False)
        self.steps = 0

    @torch.no_grad()
    def add(self, network: nn.Module) -> None:
        """Take in the weights after a step."""
        self.steps += 1
        decay = DECAY * (1 - exp(-self.steps / RAMP))
        now = network.state_dict()
        averaged: list[Tensor] = []
        given: list[Tensor] = []
        for name, kept in self.network.state_dict().items():
            if kept.dtype.is_floating_point:
                averaged.append(kept)
                given.append(now[name].detach().to(kept.dtype))
            else:
                kept.copy_(now[name])
        torch._foreach_lerp_(averaged, given, 1 - decay)

    def state(self) -> dict[str, Any]:
        """Return everything that `load` takes: plain tensors and a number."""
        return {"steps": self.steps, "weights": self.network.state_dict()}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave."""
        self.steps = int(state["steps"])
        self.network.load_state_dict(state["weights"])
