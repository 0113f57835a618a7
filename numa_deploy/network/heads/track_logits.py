"""What a track head says before decoding, whose distance bins are only computed where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from numa_deploy.network.cells.grid import Shape, shapes_of


class TrackLogits:
    """One tensor of logits per level, [B, G, F * R + nc, H, W]: F x R distance bins, then the scores.

    The bins come from a 1x1 convolution to G * F * R channels, which is most of what a head writes, and a loss reads
    them at the few cells around a ball: `bins` computes those alone (0.6 of the time of a whole step of multitask-p on
    a CPU). Asking for a level computes all of it. Not a Sequence, which Fabric would take apart and put together again.

    Args:
        features: what the last convolutions read, [B, c, H, W] per level.
        last: these convolutions, c -> G * F * R channels.
        scores: [B, G * nc, H, W] per level.
        groups: G.
    """

    def __init__(
        self, features: Sequence[Tensor], last: Sequence[nn.Conv2d], scores: Sequence[Tensor], groups: int
    ) -> None:
        self._features, self._last, self._scores, self._groups = features, last, scores, groups

    def __len__(self) -> int:
        return len(self._features)

    def __getitem__(self, level: int) -> Tensor:
        conv = self._last[level]
        bins = conv(self._features[level].to(conv.weight.dtype))
        return torch.cat((_grouped(bins, self._groups), self.scores(level)), 2)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[level] for level in range(len(self)))

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """(height, width) of each level."""
        return tuple((scores.shape[-2], scores.shape[-1]) for scores in self._scores)

    @property
    def device(self) -> torch.device:
        """Where the logits lie."""
        return self._scores[0].device

    def scores(self, level: int) -> Tensor:
        """Return [B, G, nc, H, W]."""
        return _grouped(self._scores[level], self._groups)

    def bins(self, level: int, clip: Tensor, frame: Tensor, cell: Tensor) -> Tensor:
        """Return float32 [P, F * R]: the distance bins of P cells, each given by clip, frame and cell of the level."""
        conv = self._last[level]
        at = self._features[level].flatten(2).transpose(1, 2)[clip, cell].float()
        bias = None if conv.bias is None else conv.bias.float()
        every = functional.linear(at, conv.weight.float().flatten(1), bias)
        return torch.unflatten(every, 1, (self._groups, -1))[torch.arange(len(frame), device=frame.device), frame]


class SharedLogits(TrackLogits):
    """The same of a head whose frames share their weights.

    Args:
        features: [B * G, c, H, W] per level.
        last: c -> F * R channels.
        scores: [B, G * nc, H, W] per level.
        groups: G.
    """

    def __getitem__(self, level: int) -> Tensor:
        conv = self._last[level]
        bins = conv(self._features[level].to(conv.weight.dtype))
        return torch.cat((torch.unflatten(bins, 0, (-1, self._groups)), self.scores(level)), 2)

    def bins(self, level: int, clip: Tensor, frame: Tensor, cell: Tensor) -> Tensor:
        """Return float32 [P, F * R]."""
        conv = self._last[level]
        at = self._features[level].flatten(2).transpose(1, 2)[clip * self._groups + frame, cell].float()
        return functional.linear(at, conv.weight.float().flatten(1), None if conv.bias is None else conv.bias.float())


class WholeLogits:
    """The same three questions answered from logits that are there as a whole, [B, G, F * R + nc, H, W] per level.

    Args:
        levels: the logits.
        nc: classes of balls.
    """

    def __init__(self, levels: Sequence[Tensor], nc: int) -> None:
        self._levels, self._nc = levels, nc

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """(height, width) of each level."""
        return shapes_of(self._levels)

    @property
    def device(self) -> torch.device:
        """Where the logits lie."""
        return self._levels[0].device

    def scores(self, level: int) -> Tensor:
        """Return [B, G, nc, H, W]."""
        return self._levels[level][:, :, -self._nc :]

    def bins(self, level: int, clip: Tensor, frame: Tensor, cell: Tensor) -> Tensor:
        """Return float32 [P, F * R]: the distance bins of P cells."""
        return self._levels[level].flatten(3)[clip, frame, : -self._nc, cell].float()


def _grouped(x: Tensor, groups: int) -> Tensor:
    return torch.unflatten(x, 1, (groups, x.shape[1] // groups))
