"""Cross-stage blocks without Split: one convolution cut into several by its output channels.

Each output channel of a convolution depends on its own filter alone, so the results are the same numbers; ONNX
Runtime saves the copy (0-8 % of a network's time).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.attention import C2PSA, Attention
from numa_deploy.network.blocks.conv import Conv, part_of
from numa_deploy.network.blocks.csp import C2f


class SplitFreeC2f(nn.Module):
    """A fused C2f (or C3k2) whose `cv1` is two convolutions."""

    def __init__(self, block: C2f) -> None:
        super().__init__()
        self.first, self.second = cut(block.cv1, _halves(block.c))
        self.cv2, self.m = block.cv2, block.m

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, H, W]."""
        parts = [self.first(x), self.second(x)]
        for step in self.m:
            parts.append(step(parts[-1]))
        out: Tensor = self.cv2(torch.cat(parts, 1))
        return out


class SplitFreeC2PSA(nn.Module):
    """A fused C2PSA whose `cv1` is two convolutions."""

    def __init__(self, block: C2PSA) -> None:
        super().__init__()
        self.first, self.second = cut(block.cv1, _halves(block.c))
        self.cv2, self.m = block.cv2, block.m

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, H, W]."""
        out: Tensor = self.cv2(torch.cat((self.first(x), self.m(self.second(x))), 1))
        return out


class SplitFreeAttention(nn.Module):
    """A fused Attention with a convolution each for query, key and value."""

    def __init__(self, block: Attention) -> None:
        super().__init__()
        q, k, v = _head_rows(block)
        self.q, self.k, self.v = cut(block.qkv, (q, k, v))
        self.inner = block
        del block.qkv

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, dim, H, W] -> the same shape."""
        values = self.v(x)
        return self.inner.mix(self._by_head(self.q(x)), self._by_head(self.k(x)), self._by_head(values), values)

    def _by_head(self, part: Tensor) -> Tensor:
        """Return [B, heads, d, H * W] of a map [B, heads * d, H, W]."""
        return torch.unflatten(part.flatten(2), 1, (self.inner.heads, -1))


def cut(source: Conv, rows: Sequence[Tensor]) -> list[Conv]:
    """Return one fused Conv per list of output channels; `source` must be fused and ungrouped."""
    return [_part(source, chosen) for chosen in rows]


def _part(source: Conv, rows: Tensor) -> Conv:
    part = Conv(source.conv.in_channels, len(rows))
    part.conv = part_of(source.conv, rows)
    part.bn, part.act = nn.Identity(), source.act
    return part.train(source.training)


def _halves(width: int) -> tuple[Tensor, Tensor]:
    return torch.arange(width), torch.arange(width, 2 * width)


def _head_rows(block: Attention) -> list[Tensor]:
    """Return the channels of query, key and value; `qkv` holds the three of each head side by side."""
    d = block.key_dim
    rows = torch.arange(block.heads * (2 * d + block.value_dim)).view(block.heads, -1)
    return [part.flatten() for part in rows.split_with_sizes((d, d, block.value_dim), 1)]
