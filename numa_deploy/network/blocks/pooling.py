"""SPPF: what a cell sees widens at no cost in parameters."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.conv import Conv


class SPPF(nn.Module):
    """Spatial pyramid pooling, fast form: three chained max pools equal pools of k, 2k-1 and 3k-2 (He et al. 2014).

    Args:
        c1: channels in.
        c2: channels out.
        k: side of each pool.
        n: pools.
        shortcut: the input is added where the channels agree (YOLO26).
        act: whether `cv1` ends in SiLU; networks built by Ultralytics 8.4 and later do without.
    """

    def __init__(self, c1: int, c2: int, k: int = 5, n: int = 3, shortcut: bool = False, act: bool = True) -> None:
        super().__init__()
        self.n, self.add = n, shortcut and c1 == c2
        self.cv1 = Conv(c1, c1 // 2, act=act)
        self.cv2 = Conv(c1 // 2 * (n + 1), c2)
        self.m = nn.MaxPool2d(k, stride=1, padding=k // 2)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, H, W]."""
        parts = [self.cv1(x)]
        for _ in range(self.n):
            parts.append(self.m(parts[-1]))
        out: Tensor = self.cv2(torch.cat(parts, 1))
        return x + out if self.add else out
