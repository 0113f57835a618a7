"""Conv: convolution, batch norm, SiLU; and what joins layers."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

import torch
from torch import Tensor, nn

BN_EPS = 1e-3
BN_MOMENTUM = 0.03


class Conv(nn.Module):
    """Convolution without bias, batch norm, SiLU; padded so that stride 1 keeps the size.

    `fuse` folds the norm into the convolution, which then has a bias; the state has `conv.bias` and no `bn.*`.
    """

    def __init__(self, c1: int, c2: int, k: int = 1, s: int = 1, groups: int = 1, act: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(c1, c2, k, s, k // 2, groups=groups, bias=False)
        self.bn: nn.Module = nn.BatchNorm2d(c2, eps=BN_EPS, momentum=BN_MOMENTUM)
        self.act: nn.Module = nn.SiLU(inplace=True) if act else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, ceil(H / s), ceil(W / s)]."""
        out: Tensor = self.act(self.bn(self.conv(x)))
        return out

    @property
    def is_fused(self) -> bool:
        """Whether the norm is folded into the convolution."""
        return isinstance(self.bn, nn.Identity)

    @torch.no_grad()
    def fuse(self) -> None:
        """Fold the norm into the convolution: w gamma / sqrt(var + eps), b = beta - mean gamma / sqrt(var + eps).

        Computed in double precision; harmless when repeated.
        """
        norm = self.bn
        if not isinstance(norm, nn.BatchNorm2d) or norm.running_var is None or norm.running_mean is None:
            return
        gain = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
        bias = norm.bias.double() - norm.running_mean.double() * gain
        old = self.conv
        self.conv = like(old, old.in_channels, old.out_channels, groups=old.groups)
        self.conv.weight.copy_(old.weight.double() * gain[:, None, None, None])
        if self.conv.bias is not None:
            self.conv.bias.copy_(bias)
        self.bn = nn.Identity()


def like(conv: nn.Conv2d, c1: int, c2: int, groups: int = 1) -> nn.Conv2d:
    """Return an uninitialised convolution of `conv`'s kernel, stride and padding, with a bias."""
    kernel, stride, padding = conv.kernel_size[0], conv.stride[0], int(conv.padding[0])
    made = nn.utils.skip_init(  # type: ignore[no-untyped-call]  # no random numbers are drawn
        nn.Conv2d, c1, c2, kernel, stride, padding, groups=groups, bias=True
    )
    made = made.to(device=conv.weight.device, dtype=conv.weight.dtype)
    made.weight.requires_grad_(conv.weight.requires_grad)
    assert isinstance(made, nn.Conv2d)
    return made


@torch.no_grad()
def part_of(conv: nn.Conv2d, rows: Tensor) -> nn.Conv2d:
    """Return the convolution that gives the channels `rows` (int64) of `conv`, which has a bias and no groups."""
    part = like(conv, conv.in_channels, len(rows))
    part.weight.copy_(conv.weight[rows])
    assert part.bias is not None
    assert conv.bias is not None
    part.bias.copy_(conv.bias[rows])
    return part


def last_of(conv: nn.Conv2d, count: int) -> nn.Conv2d:
    """Return the same of the last `count` channels."""
    return part_of(conv, torch.arange(conv.out_channels - count, conv.out_channels))


def depthwise(c1: int, c2: int, k: int = 1, s: int = 1) -> Conv:
    """Return a Conv with as many groups as both channel counts allow (one filter per channel when they agree)."""
    return Conv(c1, c2, k, s, groups=gcd(c1, c2))


class Concat(nn.Module):
    """Joins feature maps along the channels."""

    def forward(self, xs: Sequence[Tensor]) -> Tensor:
        """xs: each [B, c_i, H, W] -> [B, sum c_i, H, W]."""
        return torch.cat(list(xs), 1)
