"""Appearance features: what the neck holds at a box's centre, the same length for every box and network size.

A detector's own values in the place of a second network's (BoT-SORT's ReID); nothing is trained for it. Every level
is read at every box: the value of the one cell that won would be another level's, or the next cell's, as soon as
the object moves a little. On MOT17-mini (yolov8n, one to seven frames apart) the same person is nearest in 97 % of
cases this way and in 59 % the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, sqrt

import torch
from torch import Tensor
from torch.nn import functional


def feature_length(channels: Sequence[int]) -> int:
    """Return the values per feature: for each level the smallest one's channels (or what divides all of them).

    channels: of each level, e.g. 64, 128, 256 -> 3 * 64.
    """
    return len(channels) * gcd(*channels)


def appearance(levels: Sequence[Tensor], boxes: Tensor, stride: int) -> Tensor:
    """Return features float32 [B, K, C] of length 1, so that their dot product is the cosine similarity.

    levels: [B, c_i, H_i, W_i], finest first. boxes: float32 [B, K, 4] x1, y1, x2, y2 in input pixels. stride: the
    finest level's.
    """
    height, width = levels[0].shape[2] * stride, levels[0].shape[3] * stride
    grid = torch.stack(((boxes[..., 0] + boxes[..., 2]) / width - 1, (boxes[..., 1] + boxes[..., 3]) / height - 1), 2)
    length = gcd(*(level.shape[1] for level in levels))
    parts = [_at(level.float(), grid[:, :, None], length) for level in levels]
    return torch.cat(parts, 1).transpose(1, 2) / sqrt(len(parts))


def _at(level: Tensor, grid: Tensor, length: int) -> Tensor:
    """Return [B, length, K], each of length 1: a level at `grid` [B, K, 1, 2], x and y from -1 to 1 over the image.

    What the whole image has in common is taken off; neighbouring channels are averaged in equal groups.
    """
    values = functional.grid_sample(level, grid, mode="bilinear", padding_mode="border", align_corners=False)
    values = values.squeeze(3) - level.flatten(2).mean(2, keepdim=True)
    if level.shape[1] != length:
        values = torch.unflatten(values, 1, (length, level.shape[1] // length)).mean(2)
    return functional.normalize(values, dim=1)
