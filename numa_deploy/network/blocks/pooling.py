"""SPPF: what a cell sees widens at no cost in parameters."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.conv import Conv


class SPPF(nn.Module):
    """Spatial pyramid pooling, fast form: three chained max pools equal pools of k, 2k-1 and 3k-2 (He et al. 2014)."""

    def __init__(self, c1: int, c2: int, k: int = 5) -> None:
        super().__init__()
        self.cv1 = Conv(c1, c1 // 2)
        self.cv2 = Conv(c1 // 2 * 4, c2)
        self.m = nn.MaxPool2d(k, stride=1, padding=k // 2)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, H, W]."""
        parts = [self.cv1(x)]
        for _ in range(3):
            parts.append(self.m(parts[-1]))
        out: Tensor = self.cv2(torch.cat(parts, 1))
        return out
