"""C2PSA: self-attention over the cells of the coarsest level (YOLO11)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.conv import Conv


class Attention(nn.Module):
    """Multi-head attention softmax(q k / sqrt(d)) v over H * W cells, plus a depthwise 3x3 of v for position.

    `qkv` gives per head its d query, d key and 2 d value channels, in this order (Vaswani et al. 2017).
    """

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.value_dim = dim // heads
        self.key_dim = self.value_dim // 2
        self.scale = self.key_dim**-0.5
        self.qkv = Conv(dim, dim + 2 * heads * self.key_dim, act=False)
        self.proj = Conv(dim, dim, act=False)
        self.pe = Conv(dim, dim, 3, groups=dim, act=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, dim, H, W] -> the same shape."""
        batch, dim, height, width = x.shape
        sizes = (self.key_dim, self.key_dim, self.value_dim)
        q, k, v = self.qkv(x).view(batch, self.heads, sum(sizes), height * width).split_with_sizes(sizes, 2)
        return self.mix(q, k, v, v.reshape(batch, dim, height, width))

    def mix(self, q: Tensor, k: Tensor, v: Tensor, values: Tensor) -> Tensor:
        """q, k: [B, heads, d, N]; v: [B, heads, 2 d, N]; values: v as a map [B, dim, H, W]."""
        weights = ((q.transpose(2, 3) @ k) * self.scale).softmax(-1)
        mixed = (v @ weights.transpose(2, 3)).reshape(values.shape)
        out: Tensor = self.proj(mixed + self.pe(values))
        return out


class PSABlock(nn.Module):
    """Attention and a two-layer perceptron of 1x1 convolutions, each with its input added."""

    def __init__(self, c: int, heads: int) -> None:
        super().__init__()
        self.attn: nn.Module = Attention(c, heads)
        self.ffn = nn.Sequential(Conv(c, 2 * c), Conv(2 * c, c, act=False))

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c, H, W] -> the same shape."""
        x = x + self.attn(x)
        out: Tensor = x + self.ffn(x)
        return out


class C2PSA(nn.Module):
    """A cross-stage block whose second half runs through n PSA blocks."""

    def __init__(self, c1: int, c2: int, n: int = 1, e: float = 0.5) -> None:
        super().__init__()
        self.c = int(c1 * e)
        self.cv1 = Conv(c1, 2 * self.c)
        self.cv2 = Conv(2 * self.c, c2)
        # 64 channels a head; a narrower block has one head.
        self.m = nn.Sequential(*(PSABlock(self.c, max(self.c // 64, 1)) for _ in range(n)))

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, H, W]."""
        first, second = self.cv1(x).chunk(2, 1)
        out: Tensor = self.cv2(torch.cat((first, self.m(second)), 1))
        return out
