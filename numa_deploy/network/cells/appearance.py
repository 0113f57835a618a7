"""Appearance features: what the neck holds at an object's cell, cut to one length for all levels.

As BoT-SORT trackers use a detector's own features instead of a second network's: nothing is trained for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

import torch
from torch import Tensor
from torch.nn import functional


def feature_length(channels: Sequence[int]) -> int:
    """Return the values per feature: the smallest level's channels, or what divides those of every level.

    channels: of each level, e.g. 64, 128, 256 -> 64 and 192, 384, 576 -> 192.
    """
    return gcd(*channels)


def reduced(levels: Sequence[Tensor], length: int) -> Tensor:
    """Average neighbouring channels in equal groups: levels [B, c_i, H_i, W_i] -> float32 [B, length, N]."""
    return torch.cat([_grouped_mean(level.flatten(2).float(), length) for level in levels], 2)


def normalised(features: Tensor) -> Tensor:
    """Return features [B, K, C] of Euclidean length 1, so that their dot product is the cosine similarity."""
    return functional.normalize(features, dim=2)


def _grouped_mean(cells: Tensor, length: int) -> Tensor:
    channels = cells.shape[1]
    return cells if channels == length else torch.unflatten(cells, 1, (length, channels // length)).mean(2)
