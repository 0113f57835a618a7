"""DFL: a coordinate as the mean of a distribution over bins (Li et al. 2020, Generalized Focal Loss)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class DFL(nn.Module):
    """Softmax over R bins and their mean, as a fixed 1x1 convolution with weights 0..R-1."""

    def __init__(self, bins: int) -> None:
        super().__init__()
        self.bins = bins
        self.conv = nn.Conv2d(bins, 1, 1, bias=False).requires_grad_(False)
        self.conv.weight.data.copy_(torch.arange(bins, dtype=torch.float32).view(1, bins, 1, 1))

    def forward(self, logits: Tensor) -> Tensor:
        """logits: [B, S * R, N] -> [B, S, N], S distances in bins."""
        batch, channels, count = logits.shape
        share = logits.view(batch, channels // self.bins, self.bins, count).transpose(1, 2).softmax(1)
        out: Tensor = self.conv(share).view(batch, channels // self.bins, count)
        return out
