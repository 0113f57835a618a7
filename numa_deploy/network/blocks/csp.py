"""Cross-stage blocks: the input is split, one part is refined by bottlenecks, all parts are joined again.

Wang et al. 2020 (CSPNet); C2f as in YOLOv8, C3k2 as in YOLO11.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.attention import PSABlock
from numa_deploy.network.blocks.conv import Conv


class Bottleneck(nn.Module):
    """Two 3x3 convolutions, the first to `e * c2` channels; the input is added where the channels agree."""

    def __init__(self, c1: int, c2: int, shortcut: bool = True, e: float = 0.5) -> None:
        super().__init__()
        hidden = int(c2 * e)
        self.cv1 = Conv(c1, hidden, 3)
        self.cv2 = Conv(hidden, c2, 3)
        self.add = shortcut and c1 == c2

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, H, W]."""
        out: Tensor = self.cv2(self.cv1(x))
        return x + out if self.add else out


class C2f(nn.Module):
    """Both halves of `cv1`, and every step of a chain of bottlenecks over the second, joined by `cv2`."""

    def __init__(self, c1: int, c2: int, n: int = 1, shortcut: bool = False, e: float = 0.5) -> None:
        super().__init__()
        self.c = int(c2 * e)
        self.cv1 = Conv(c1, 2 * self.c)
        self.cv2 = Conv((2 + n) * self.c, c2)
        self.m = nn.ModuleList(self._step(shortcut) for _ in range(n))

    def _step(self, shortcut: bool) -> nn.Module:
        return Bottleneck(self.c, self.c, shortcut, e=1.0)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, H, W]."""
        parts = list(self.cv1(x).chunk(2, 1))
        for step in self.m:
            parts.append(step(parts[-1]))
        out: Tensor = self.cv2(torch.cat(parts, 1))
        return out


class C3k(nn.Module):
    """Two 1x1 paths, one through two bottlenecks, joined by a third 1x1."""

    def __init__(self, c1: int, c2: int, n: int = 2, shortcut: bool = True, e: float = 0.5) -> None:
        super().__init__()
        hidden = int(c2 * e)
        self.cv1 = Conv(c1, hidden)
        self.cv2 = Conv(c1, hidden)
        self.cv3 = Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, e=1.0) for _ in range(n)))

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c1, H, W] -> [B, c2, H, W]."""
        out: Tensor = self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))
        return out


class C3k2(C2f):
    """A C2f whose steps are C3k blocks (`nested`), narrow bottlenecks, or those followed by attention (`attn`)."""

    def __init__(
        self,
        c1: int,
        c2: int,
        n: int = 1,
        nested: bool = False,
        e: float = 0.5,
        attn: bool = False,
        shortcut: bool = True,
    ) -> None:
        self._nested, self._attn = nested, attn
        super().__init__(c1, c2, n, shortcut, e)

    def _step(self, shortcut: bool) -> nn.Module:
        if self._attn:
            narrow = Bottleneck(self.c, self.c, shortcut)
            return nn.Sequential(narrow, PSABlock(self.c, max(self.c // 64, 1)))
        return C3k(self.c, self.c, 2, shortcut) if self._nested else Bottleneck(self.c, self.c, shortcut)
