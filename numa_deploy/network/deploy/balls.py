"""The inference form of the track head.

Raw logits are 43 MB per clip at 640 and the answer is 1.2 kB. So the 32 best cells of each frame are chosen by score
first, and the last convolution of the position branch (128 -> G * F * R channels, a third of the head's work) is
computed for those cells alone: a 1x1 convolution at one cell is a product of that cell's features with the weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from numa_deploy.network.blocks.frames import fold_frames, unfold_frames
from numa_deploy.network.cells import coding
from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.deploy.dfl import mean_bin, moment_matrix
from numa_deploy.network.deploy.suppression import Candidates, suppress
from numa_deploy.network.deploy.top import pixels_of, top_cells

DISTANCES = 8


class BallsForm(nn.Module):
    """Levels -> balls [B, G, 5, 6]: x, y, next_x, next_y, score, class of each frame, oldest first.

    Args:
        points: one branch per level, ending in a plain 1x1 convolution to G * 8 * R channels.
        scores: one branch per level, ending in a plain 1x1 convolution to G * nc channels.
        strides: of each level.
        groups: G, frames of the clip.
        bins: R, bins per distance.
        nc: classes of balls.
        candidates: cells per frame that enter the suppression.
    """

    def __init__(
        self,
        points: nn.ModuleList,
        scores: nn.ModuleList,
        strides: Sequence[int],
        groups: int,
        bins: int,
        nc: int,
        candidates: int,
    ) -> None:
        super().__init__()
        self.strides, self.groups, self.bins, self.nc = tuple(strides), groups, bins, nc
        self.candidates = candidates
        self.cv3 = scores
        self.cv2 = nn.ModuleList(_without_last(branch) for branch in points)
        self.last = nn.ModuleList(self._winners(branch) for branch in points)
        self.register_buffer("moments", moment_matrix(bins), persistent=False)

    moments: Tensor

    def forward(self, levels: Sequence[Tensor]) -> dict[str, Tensor]:
        """levels: [B, c_i, H_i, W_i]; everything after the branches is float32."""
        maps = [cells.flatten(2) for cells in self._run(self.cv3, levels)]
        logits = torch.unflatten(torch.cat(maps, 2).float(), 1, (self.groups, self.nc))
        best = logits.squeeze(2) if self.nc == 1 else logits.amax(2)
        index, real = top_cells(best, self.candidates)
        features = [cells.flatten(2) for cells in self._run(self.cv2, levels)]
        bins, level = self._bins(features, index)
        score, label = self._scores(logits, index)
        points, saturated = self._decode(bins, index, cell_table(shapes_of(levels), self.strides, logits.device))
        score = score if real is None else score * real
        side = pixels_of(shapes_of(levels)[0], self.strides[0])
        return {"balls": suppress(Candidates(points, score, label, saturated, level), side, len(levels))}

    def _run(self, branches: nn.ModuleList, levels: Sequence[Tensor]) -> list[Tensor]:
        """Return what each branch makes of its level, [B, out, H, W]."""
        return [branch(x) for branch, x in zip(branches, levels, strict=True)]

    def _winners(self, branch: nn.Module) -> nn.Module:
        return WinnersConv(branch, self.groups)

    def _bins(self, features: Sequence[Tensor], index: Tensor) -> tuple[Tensor, Tensor]:
        """Return the winners' bins [B, G, C, 8, R] and their level [B, G, C]; features: [B, c, cells] per level."""
        first = 0
        bins, level = None, None
        for cells, last in zip(features, self.last, strict=True):
            count = cells.shape[2]
            here = last(cells, (index - first).clamp(0, count - 1))
            if bins is None or level is None:
                bins, level = here, torch.zeros_like(index, dtype=torch.float32)
            else:
                own = index >= first
                bins, level = torch.where(own[..., None], here, bins), level + own.float()
            first = first + count
        assert bins is not None
        assert level is not None
        return torch.unflatten(bins, 3, (DISTANCES, self.bins)), level

    def _scores(self, logits: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        """Return score and class [B, G, C] of the winners; logits: [B, G, nc, N]."""
        if self.nc == 1:
            score = logits.squeeze(2).gather(2, index).sigmoid()
            return score, torch.zeros_like(score)
        won = logits.gather(3, index[:, :, None].expand(-1, -1, self.nc, -1))
        best, label = won.max(2)
        return best.sigmoid(), label.float()

    def _decode(self, bins: Tensor, index: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
        """Return points [B, G, C, 4] and where `next` is saturated [B, G, C]."""
        distances = mean_bin(bins, self.moments)
        cells = functional.embedding(index, table)
        centre, stride = cells[..., :2], cells[..., 2:]
        now, then = coding.offsets(distances[..., :4]), coding.offsets(distances[..., 4:])
        points = torch.cat((coding.decode(now, centre, stride), coding.decode(then, centre, stride)), -1)
        return points, coding.is_saturated(then, self.bins).float()


class SharedBallsForm(BallsForm):
    """The same of a head whose frames share their weights: levels [B, T * c_i, H_i, W_i], the newest G of T count."""

    def _run(self, branches: nn.ModuleList, levels: Sequence[Tensor]) -> list[Tensor]:
        folded = (fold_frames(self._newest(x, last), self.groups) for x, last in zip(levels, self.last, strict=True))
        return [unfold_frames(branch(x), self.groups) for branch, x in zip(branches, folded, strict=True)]

    def _newest(self, level: Tensor, last: nn.Module) -> Tensor:
        assert isinstance(last, SharedWinnersConv)
        width = self.groups * last.weight.shape[0]
        return level if level.shape[1] == width else level[:, -width:]

    def _winners(self, branch: nn.Module) -> nn.Module:
        return SharedWinnersConv(branch, self.groups)


class WinnersConv(nn.Module):
    """The branch's last 1x1 convolution, computed at given cells; float32 whatever the branch is."""

    weight: Tensor
    bias: Tensor

    def __init__(self, branch: nn.Module, groups: int) -> None:
        super().__init__()
        conv = _last(branch)
        self.groups = groups
        weight = conv.weight.detach().float().view(groups, -1, conv.in_channels).transpose(1, 2)
        self.register_buffer("weight", weight.contiguous())
        self.register_buffer("bias", _bias(conv).view(groups, 1, -1))

    def forward(self, cells: Tensor, index: Tensor) -> Tensor:
        """cells: [B, c, N], index: int64 [B, G, C] -> [B, G, C, out / G]."""
        flat = index.flatten(1)[:, None].expand(-1, cells.shape[1], -1)
        won = torch.unflatten(cells.gather(2, flat).float(), 2, (self.groups, index.shape[2]))
        return won.permute(0, 2, 3, 1) @ self.weight + self.bias


class SharedWinnersConv(nn.Module):
    """The same where one convolution serves every frame, each of which has cells of its own."""

    weight: Tensor
    bias: Tensor

    def __init__(self, branch: nn.Module, groups: int) -> None:
        super().__init__()
        conv = _last(branch)
        self.groups = groups
        self.register_buffer("weight", conv.weight.detach().float().flatten(1).t().contiguous())
        self.register_buffer("bias", _bias(conv))

    def forward(self, cells: Tensor, index: Tensor) -> Tensor:
        """cells: [B, G * c, N], index: int64 [B, G, C] -> [B, G, C, out]."""
        frames = torch.unflatten(cells, 1, (self.groups, -1))
        won = frames.gather(3, index[:, :, None].expand(-1, -1, frames.shape[2], -1)).float()
        return won.transpose(2, 3) @ self.weight + self.bias


def _last(branch: nn.Module) -> nn.Conv2d:
    assert isinstance(branch, nn.Sequential)
    conv = branch[-1]
    assert isinstance(conv, nn.Conv2d)
    return conv


def _bias(conv: nn.Conv2d) -> Tensor:
    """Return a copy of the bias, zeros where there is none."""
    return torch.zeros(conv.out_channels) if conv.bias is None else conv.bias.detach().float().clone()


def _without_last(branch: nn.Module) -> nn.Sequential:
    assert isinstance(branch, nn.Sequential)
    return nn.Sequential(*list(branch)[:-1])
