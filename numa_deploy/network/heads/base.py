"""What every head offers, and the bits heads share."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Protocol

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.conv import Conv, depthwise
from numa_runtime.contract import OutputSpec

BOX_BINS = 16
TOP_K = 1000


class Head(Protocol):
    """Reads the trunk's levels P3..P5 (finest first), each [B, c_i, H_i, W_i]."""

    nc: int
    strides: tuple[int, ...]

    def set_strides(self, strides: Sequence[int]) -> None:
        """Take the measured strides and set the output biases that follow from them."""
        ...

    def outputs(self, features: bool = False) -> tuple[OutputSpec, ...]:
        """Return what `infer` and the inference form give, by name.

        Args:
            features: with appearance features of the candidates, where the head has candidates (balls have none).
        """
        ...

    def infer(self, levels: Sequence[Tensor], features: bool = False) -> dict[str, Tensor]:
        """Return the outputs in the plain way: everything is decoded, then the best are chosen."""
        ...

    def deploy(self, features: bool = False) -> nn.Module:
        """Return the inference form: same outputs, the best are chosen first and only they are decoded."""
        ...


def prior_bias(conv: nn.Module, nc: int, stride: int) -> None:
    """Start scores low: about five objects of all classes in a 640 x 640 image (Lin et al. 2017, Focal Loss, 4.1)."""
    assert isinstance(conv, nn.Conv2d)
    if conv.bias is not None:
        conv.bias.data.fill_(log(5 / nc / (640 / stride) ** 2))


def flatten_levels(levels: Sequence[Tensor]) -> Tensor:
    """levels: each [B, c, H_i, W_i] -> [B, c, N], cells of all levels in order."""
    return torch.cat([level.flatten(2) for level in levels], 2)


def tower(c1: int, hidden: int, c2: int) -> nn.Sequential:
    """Return two 3x3 Conv and a plain 1x1 convolution."""
    return nn.Sequential(Conv(c1, hidden, 3), Conv(hidden, hidden, 3), nn.Conv2d(hidden, c2, 1))


def depthwise_tower(c1: int, hidden: int, c2: int) -> nn.Sequential:
    """Return the same with each 3x3 as a depthwise 3x3 and a 1x1 (YOLO11's class branch)."""
    return nn.Sequential(
        nn.Sequential(depthwise(c1, c1, 3), Conv(c1, hidden)),
        nn.Sequential(depthwise(hidden, hidden, 3), Conv(hidden, hidden)),
        nn.Conv2d(hidden, c2, 1),
    )
