"""The small convolution stacks a head runs on one level."""

from __future__ import annotations

from torch import nn

from numa_deploy.network.blocks.conv import Conv, depthwise


def tower(c1: int, hidden: int, c2: int) -> nn.Sequential:
    """Return two 3x3 Conv and a plain 1x1 convolution."""
    return nn.Sequential(Conv(c1, hidden, 3), Conv(hidden, hidden, 3), nn.Conv2d(hidden, c2, 1))


def depthwise_tower(c1: int, hidden: int, c2: int) -> nn.Sequential:
    """Return the same with each 3x3 as a depthwise 3x3 and a 1x1 (YOLO11's class branch)."""
    return nn.Sequential(
        nn.Sequential(depthwise(c1, c1, 3), Conv(c1, hidden)),
        nn.Sequential(depthwise(hidden, hidden, 3), Conv(hidden, hidden)),
        nn.Conv2d(hidden, c2, 1),
    )
