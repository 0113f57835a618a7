"""FrameStem: the same small convolutions over every frame of a clip, which then hears from its neighbours.

A ball is the same thing in each of ten frames. A trunk that reads them as ten channels has to learn it ten times over;
one that shares its weights between them learns it once, from ten times as many balls.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from numa_deploy.network.blocks.conv import Conv

BRIGHTNESS, CONTRAST = 2.0, 5.0
"""By what grey values and differences are raised, so that both come out about as large as a network likes them."""


class FrameStem(nn.Module):
    """Clip -> features of every frame: [B, T * C, H, W] -> [B, T * c, H/s, W/s], s = 4, 8 ... for 1, 2 ... widths.

    Args:
        frames: T.
        planes: C, of each frame.
        widths: channels at stride 4 and after each halving; the last is c.
        mixes: how often a frame hears from both its neighbours.
    """

    def __init__(self, frames: int, planes: int, widths: Sequence[int], mixes: int = 1) -> None:
        super().__init__()
        self.frames = frames
        self.entry: nn.Module = FrameConv(frames, planes, widths[0])
        steps = [nn.Sequential(Refine(a), Conv(a, b, 3, 2)) for a, b in pairwise(widths)]
        self.steps = nn.Sequential(*steps, Refine(widths[-1]))
        self.mixes = nn.Sequential(*(NeighbourMix(frames, widths[-1]) for _ in range(mixes)))

    def forward(self, clip: Tensor) -> Tensor:
        """clip: [B, T * C, H, W], 0..1, oldest frame first."""
        return unfold_frames(self.mixes(self.steps(self.entry(clip))), self.frames)


class FrameConv(nn.Module):
    """A 5x5 Conv of stride 4 over each frame and what changed in it: [B, T * C, H, W] -> [B * T, c, H/4, W/4].

    It reads the frame and its differences from the frame before, from the frame after and from the clip's mean, signed
    (the sign tells the direction; TrackNetV5). The first and last frame differ by nothing from the neighbour they lack.

    Differences and means are linear, and so is a convolution: the weights take the differences instead of the frames.
    The one convolution over the clip does 2.5 times the products of the shared one and saves ten passes over full-size
    frames: as fast in training, and a quarter of the whole network's time in ONNX Runtime on a CPU. It stays in 32
    bits, whatever surrounds it: what frames have in common has to cancel.

    Args:
        frames: T.
        planes: C, of each frame.
        width: c.
    """

    views: Tensor

    def __init__(self, frames: int, planes: int, width: int) -> None:
        super().__init__()
        self.frames, self.planes = frames, planes
        self.conv = Conv(4 * planes, width, 5, 4)
        self.register_buffer("views", views_of(frames), persistent=False)

    def forward(self, clip: Tensor) -> Tensor:
        """clip: 0..1, oldest frame first."""
        shared = self.conv.conv
        with _exact(clip.device.type):
            weights = clip_weights(shared.weight, self.views)
            bias = None if shared.bias is None else shared.bias.repeat(self.frames)
            made = functional.conv2d(clip.float().contiguous(), weights, bias, shared.stride, shared.padding)
        out: Tensor = self.conv.act(self.conv.bn(fold_frames(made, self.frames)))
        return out


def _exact(device: str) -> AbstractContextManager[object]:
    """Return a context in which nothing is computed in fewer bits; of devices that know none (meta), an idle one."""
    if not torch.amp.is_autocast_available(device):
        return nullcontext()
    return torch.autocast(device, enabled=False)


def views_of(frames: int) -> Tensor:
    """Return how a frame and its three differences are made of a clip's frames, [T, 4, T].

    Row [t, d] has the share of every frame in what the convolution reads of frame t: the frame itself (d = 0) and its
    differences from the one before, from the one after and from the mean.
    """
    own = torch.eye(frames)
    before, after = (own[torch.tensor(near)] for near in _near(frames))
    changed = [own - other for other in (before, after, torch.full_like(own, 1 / frames))]
    return torch.stack([BRIGHTNESS * own, *(CONTRAST * change for change in changed)], 1)


def clip_weights(shared: Tensor, views: Tensor) -> Tensor:
    """Return the weights [T * c, T * C, k, k] over a clip.

    Args:
        shared: [c, 4 * C, k, k] over a frame and its differences.
        views: [T, 4, T].
    """
    parts = torch.unflatten(shared, 1, (4, -1))
    return torch.einsum("tds,cdpij->tcspij", views, parts).flatten(2, 3).flatten(0, 1)


class Refine(nn.Module):
    """x plus a depthwise 3x3 and a 1x1 convolution of it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.cv1 = Conv(width, width, 3, groups=width)
        self.cv2 = Conv(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, c, H, W]."""
        out: Tensor = x + self.cv2(self.cv1(x))
        return out


class NeighbourMix(nn.Module):
    """Frame plus a 1x1 convolution of it, the frame before and the frame after; then `Refine`."""

    def __init__(self, frames: int, width: int) -> None:
        super().__init__()
        self.frames = frames
        self.cv1 = Conv(3 * width, width)
        self.refine = Refine(width)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B * T, c, H, W]."""
        frames = torch.unflatten(x, 0, (-1, self.frames))
        before, after = neighbours(frames)
        out: Tensor = self.refine(x + self.cv1(torch.cat((before, frames, after), 2).flatten(0, 1)))
        return out


def _near(frames: int) -> tuple[list[int], list[int]]:
    """Return the numbers of the frame before and the frame after each; the ends are their own."""
    return [max(one - 1, 0) for one in range(frames)], [min(one + 1, frames - 1) for one in range(frames)]


def neighbours(frames: Tensor) -> tuple[Tensor, Tensor]:
    """Return the frame before and the frame after each, [B, T, ...] like `frames`; the ends are their own."""
    return torch.cat((frames[:, :1], frames[:, :-1]), 1), torch.cat((frames[:, 1:], frames[:, -1:]), 1)


def fold_frames(x: Tensor, frames: int) -> Tensor:
    """[B, T * c, H, W] -> [B * T, c, H, W]."""
    return torch.unflatten(x, 1, (frames, -1)).flatten(0, 1)


def unfold_frames(x: Tensor, frames: int) -> Tensor:
    """[B * T, c, H, W] -> [B, T * c, H, W]."""
    return torch.unflatten(x, 0, (-1, frames)).flatten(1, 2)
