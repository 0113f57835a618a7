"""A FrameConv as the plain convolution over the whole clip that it is, its weights written out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.conv import like
from numa_deploy.network.blocks.frames import FrameConv, clip_weights, fold_frames


class ClipConv(nn.Module):
    """The inference form of a fused FrameConv: [B, T * C, H, W] -> [B * T, c, H/4, W/4]."""

    def __init__(self, block: FrameConv) -> None:
        super().__init__()
        shared = block.conv.conv
        self.frames = block.frames
        self.conv = like(shared, block.frames * block.planes, block.frames * shared.out_channels)
        assert shared.bias is not None
        assert self.conv.bias is not None
        with torch.no_grad():
            self.conv.weight.copy_(clip_weights(shared.weight, block.views))
            self.conv.bias.copy_(shared.bias.repeat(block.frames))
        self.act = block.conv.act

    def forward(self, clip: Tensor) -> Tensor:
        """clip: 0..1, oldest frame first."""
        return fold_frames(self.act(self.conv(clip)), self.frames)
