"""How a point is written into a cell and read back.

A cell holds four distances per point: left, right, up, down, in units of stride / 8, each a distribution over R
bins. t = (centre - point) * 8 / stride; t >= 0 goes to left (the point is left of the centre), -t to right otherwise.
"""

from __future__ import annotations

import torch
from torch import Tensor

UNITS_PER_STRIDE = 8
EDGE = 0.01
"""Distances end this far below the last bin, so that both neighbouring bins exist."""


def reach(bins: int) -> float:
    """Return the largest |t| that can be written: R - 1.01."""
    return bins - 1 - EDGE


def encode(points: Tensor, centres: Tensor, strides: Tensor, bins: int) -> Tensor:
    """Return the distances [..., 4] left, right, up, down, clamped to the reach.

    Args:
        points: [..., 2] in input pixels.
        centres: [..., 2] in input pixels.
        strides: [..., 1].
        bins: R, bins per distance.
    """
    t = (centres - points) * UNITS_PER_STRIDE / strides
    both = torch.stack((t, -t), -1).clamp(0, reach(bins))
    return both.flatten(-2)


def two_hot(distances: Tensor, bins: int) -> Tensor:
    """Return the distribution [..., R] over the two neighbouring bins whose mean is the distance [...]."""
    low = distances.floor().clamp(0, bins - 2)
    index = torch.arange(bins, device=distances.device, dtype=distances.dtype)
    return (
        (1 - (distances[..., None] - index).abs())
        .clamp(min=0)
        .where((index >= low[..., None]) & (index <= low[..., None] + 1), torch.zeros((), dtype=distances.dtype))
    )


def offsets(distances: Tensor) -> Tensor:
    """distances: [..., 4] left, right, up, down -> t [..., 2] = left - right, up - down."""
    return torch.stack((distances[..., 0] - distances[..., 1], distances[..., 2] - distances[..., 3]), -1)


def decode(t: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """Return points [..., 2] = centre - t * stride / 8; strides: [..., 1]."""
    return centres - t * strides / UNITS_PER_STRIDE


def is_saturated(t: Tensor, bins: int) -> Tensor:
    """Whether an axis of t [..., 2] is so near its limit (|t| > R - 1.5) that the point may lie beyond; bool [...]."""
    return t.abs().amax(-1) > bins - 1.5
