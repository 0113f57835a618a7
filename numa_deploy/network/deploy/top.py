"""The best cells, with a number of them that never depends on the data, and on the size only where it is fixed."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

HOPELESS = -1e4
"""A logit no cell has: its sigmoid is exactly 0."""


class Top(NamedTuple):
    """cells: int64 [..., K] of the K best cells, best first. real: float [..., K], 1 or 0; None where all are real."""

    cells: Tensor
    real: Tensor | None


def top_cells(logits: Tensor, count: int) -> Top:
    """Choose the `count` best of logits [..., N], all N where N is a smaller plain number.

    Where N is a symbol (a dynamic export) the count must stay fixed, because TensorRT wants a constant K: the list
    is padded with hopeless logits, and the rows that stand for no cell are marked.
    """
    cells = logits.shape[-1]
    if type(cells) is int:
        return Top(logits.topk(min(count, cells), -1).indices, None)
    values, index = functional.pad(logits, (0, count), value=HOPELESS).topk(count, -1)
    return Top(index.clamp(max=cells - 1), (values > HOPELESS).to(logits.dtype))


def pixels_of(finest: tuple[int, int], stride: int) -> int | Tensor:
    """Return the input's longer side in pixels; `finest` is the finest level's (height, width)."""
    height, width = finest
    if isinstance(height, Tensor) and isinstance(width, Tensor):  # sizes are tensors while TorchScript traces
        return torch.maximum(height, width) * stride
    longer = max(height, width) if type(height) is int and type(width) is int else torch.sym_max(height, width)  # type: ignore[no-untyped-call]
    return int(longer * stride) if type(longer) is int else longer * stride
