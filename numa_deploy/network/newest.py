"""Balls of a clip's newest frames alone: what only older frames need is left out.

Live, nobody asks where the ball was nine frames ago. In a FrameStem a frame hears from one more neighbour with every
mix, so the newest G of it need as many frames before them as there are mixes, and each mix can leave out the oldest of
what it reads. What stays has the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.conv import last_of
from numa_deploy.network.blocks.frames import FrameStem, NeighbourMix
from numa_deploy.network.deploy.clip_conv import ClipConv
from numa_deploy.network.heads.track import TrackHead
from numa_deploy.network.routes import Route
from numa_runtime.errors import UsageError


def keep_newest(layers: nn.ModuleDict, routes: Sequence[Route], asked: int | None, name: str) -> None:
    """Leave out what the track head does not tell, in place; blocks have their inference forms already.

    Args:
        layers: all layers by name.
        routes: who reads whose output.
        asked: G, frames whose balls are told; None: as the head itself says.
        name: the network's.

    Raises:
        UsageError: there is no track head, or its clips have fewer frames.
    """
    readers: dict[str, list[nn.Module]] = {}
    for route in routes:
        for source in route.sources:
            readers.setdefault(source, []).append(layers[route.name])
    head = next((head for route in routes if isinstance(head := layers[route.name], TrackHead)), None)
    if head is None:
        if asked is not None:
            raise UsageError(f"ball_frames was asked for, but {name} finds no balls", hint="omit ball_frames")
        return
    count, frames = head.ball_frames if asked is None else asked, head.num_groups
    if not 1 <= count <= frames:
        raise UsageError(
            f"ball_frames={count} was asked for, but {name} reads clips of {frames} frames",
            hint=f"ball_frames={frames}, or omit it",
        )
    head.keep_newest(count)
    for route in routes:
        layer = layers[route.name]
        if isinstance(layer, FrameStem) and all(isinstance(reader, TrackHead) for reader in readers[route.name]):
            _shorten(layer, count)


class NewestMix(nn.Module):
    """A NeighbourMix that leaves out the oldest frame: [B * T, c, H, W] -> [B * (T - 1), c, H, W]."""

    def __init__(self, block: NeighbourMix, frames: int) -> None:
        super().__init__()
        self.frames, self.cv1, self.refine = frames, block.cv1, block.refine

    def forward(self, x: Tensor) -> Tensor:
        """x: [B * T, c, H, W]."""
        frames = torch.unflatten(x, 0, (-1, self.frames))
        own = frames[:, 1:]
        near = torch.cat((frames[:, :-1], own, torch.cat((frames[:, 2:], frames[:, -1:]), 1)), 2)
        out: Tensor = self.refine(own.flatten(0, 1) + self.cv1(near.flatten(0, 1)))
        return out


def _shorten(stem: FrameStem, count: int) -> None:
    """Compute what the newest `count` frames need alone."""
    frames = min(stem.frames, count + len(stem.mixes))
    kept = len(stem.mixes) - (frames - count)  # these read every frame there is, and lack no neighbour
    for at, mix in enumerate(stem.mixes):
        assert isinstance(mix, NeighbourMix)
        if at >= kept:
            stem.mixes[at] = NewestMix(mix, frames - (at - kept))
    entry, stem.frames = stem.entry, count
    assert isinstance(entry, ClipConv)
    entry.conv = last_of(entry.conv, entry.conv.out_channels // entry.frames * frames)
    entry.frames = frames
