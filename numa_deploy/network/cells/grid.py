"""Cells of all levels in one list: where their centres are and how wide they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Shape = tuple[int, int]


def shapes_of(levels: Sequence[Tensor]) -> tuple[Shape, ...]:
    """Return (height, width) of each level; symbolic inside a dynamic export."""
    return tuple((level.shape[-2], level.shape[-1]) for level in levels)


def is_static(shapes: Sequence[Shape]) -> bool:
    """Whether all sizes are plain integers (they are symbols inside a dynamic export)."""
    return all(type(side) is int for shape in shapes for side in shape)


def cell_table(shapes: Sequence[Shape], strides: Sequence[int], device: torch.device) -> Tensor:
    """Return float32 [N, 3]: x and y of every cell's centre in input pixels, and its stride; levels in order.

    Plain sizes give a constant, so that a static export holds numbers and no arithmetic.
    """
    if is_static(shapes):
        table = torch.from_numpy(_constant(tuple(shapes), tuple(strides)))
        return table if device.type == "cpu" else table.to(device)
    return torch.cat([_level(h, w, stride, device) for (h, w), stride in zip(shapes, strides, strict=True)])


@lru_cache(maxsize=32)
def _constant(shapes: tuple[Shape, ...], strides: tuple[int, ...]) -> NDArray[np.float32]:
    rows = []
    for (height, width), stride in zip(shapes, strides, strict=True):
        y, x = np.mgrid[:height, :width].astype(np.float32)
        rows.append(np.stack([(x + 0.5) * stride, (y + 0.5) * stride, np.full_like(x, stride)], -1).reshape(-1, 3))
    return np.concatenate(rows).astype(np.float32)


def _level(height: int, width: int, stride: int, device: torch.device) -> Tensor:
    x = (torch.arange(width, device=device, dtype=torch.float32) + 0.5) * stride
    y = (torch.arange(height, device=device, dtype=torch.float32) + 0.5) * stride
    columns = [x[None, :].expand(height, width), y[:, None].expand(height, width)]
    columns.append(torch.full_like(x, float(stride))[None, :].expand(height, width))
    return torch.stack(columns, -1).reshape(-1, 3)
