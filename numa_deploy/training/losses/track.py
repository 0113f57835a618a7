"""The loss of balls: a score per cell and frame, and where the ball is now and in the next frame."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from numa_deploy.network.cells import coding
from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.heads.track import TrackHead
from numa_deploy.training.losses.distribution import distribution_loss
from numa_deploy.training.losses.gains import LossGains
from numa_deploy.training.losses.targets import BallTargets

GAMMA, ALPHA = 2.0, 0.75
NEGATIVES = 3
"""Hard negatives for each positive; a frame without a ball keeps as many as one ball would."""

NEAR = 1.5
"""Strides around a ball within which a cell says where it is, and is not told that there is none."""


class TrackNetLoss:
    """Scores (focal, hard negatives) and distances (DFL) of a track head, on every level.

    On each level the cell that holds a ball is its positive. Cells within 1.5 strides learn the position as well, but
    neither "ball" nor "no ball", because a ball near a cell's edge makes its neighbour nearly as right. Of all other
    cells the three with the highest scores for each ball of the frame are told "no ball" (Lin et al. 2017, Focal Loss;
    hard negatives as Liu et al. 2016, SSD). Each level is divided by its own number of positives, or P3 with its 16
    times more cells than P5 would count for all. Positions are clamped to what the level can say; the next position is
    learnt where it is known, in the clip's last frame too.

    Args:
        head: the head whose logits are judged.
        gains: how much each part counts.
    """

    def __init__(self, head: TrackHead, gains: LossGains | None = None) -> None:
        self.head, self.gains = head, gains or LossGains()
        self.positives = 0

    def __call__(self, raw: Sequence[Tensor], targets: BallTargets) -> dict[str, Tensor]:
        """Return each part, weighted, a scalar with a gradient: ball, ball_point.

        Args:
            raw: logits per level [B, G, F * R + nc, H, W], as the head gives them.
            targets: the clips' balls.
        """
        table = cell_table(shapes_of(raw), self.head.strides, raw[0].device)
        levels = torch.split(table, [level.shape[-2] * level.shape[-1] for level in raw])
        self.positives = 0
        score = raw[0].new_zeros((), dtype=torch.float32)
        point = score.clone()
        for logits, cells in zip(raw, levels, strict=True):
            of_score, of_point = self._level(logits.flatten(3), cells, targets)
            score, point = score + of_score, point + of_point
        batch = len(targets.valid)
        return {"ball": self.gains.ball * batch * score, "ball_point": self.gains.ball_point * batch * point}

    def _level(self, logits: Tensor, cells: Tensor, targets: BallTargets) -> tuple[Tensor, Tensor]:
        """Return score and point loss of one level; logits: [B, G, F * R + nc, N], cells: [N, 3]."""
        centres, stride = cells[:, :2], cells[0, 2]
        away = (targets.points[:, :, :, None, :2] - centres).abs().amax(-1) / stride  # [B, G, M, N]
        near = (away <= NEAR) & targets.valid[..., None]
        holds = _nearest(away, near)
        positives = int(holds.sum())
        self.positives += positives
        normaliser = max(positives, 1)
        scores = logits[:, :, -self.head.nc :].float()
        score = self._scores(scores, near, holds, targets) / normaliser
        return score, self._points(logits, cells, near, targets) / normaliser

    def _scores(self, scores: Tensor, near: Tensor, holds: Tensor, targets: BallTargets) -> Tensor:
        """Return the summed focal loss; scores: [B, G, nc, N]."""
        clip, frame, ball, cell = holds.nonzero(as_tuple=True)
        right = scores[clip, frame, targets.classes[clip, frame, ball], cell]
        told = (ALPHA * torch.sigmoid(-right) ** GAMMA * functional.softplus(-right)).sum()
        spared = torch.zeros_like(scores, dtype=torch.bool)
        clip, frame, ball, cell = near.nonzero(as_tuple=True)
        spared[clip, frame, targets.classes[clip, frame, ball], cell] = True
        others = scores.masked_fill(spared, -torch.inf).flatten(2)
        wanted = NEGATIVES * holds.sum((2, 3)).clamp(min=1)  # [B, G]
        hardest = others.topk(min(int(wanted.max()), others.shape[2]), 2).values
        rank = torch.arange(hardest.shape[2], device=hardest.device)
        hardest = hardest[(rank < wanted[..., None]) & hardest.isfinite() & targets.known[..., None]]
        return told + ((1 - ALPHA) * torch.sigmoid(hardest) ** GAMMA * functional.softplus(hardest)).sum()

    def _points(self, logits: Tensor, cells: Tensor, near: Tensor, targets: BallTargets) -> Tensor:
        """Return the summed distribution loss of the cells around balls, each ball's cells together counting as one."""
        clip, frame, ball, cell = near.nonzero(as_tuple=True)
        if not len(clip):
            return logits[:, :, 0].float().sum() * 0.0
        head, bins = self.head, self.head.reg_max
        found = torch.unflatten(logits[clip, frame, : -head.nc, cell], 1, (head.feat_no, bins))
        points = torch.unflatten(targets.points[clip, frame, ball], 1, (2, 2))
        wanted = coding.encode(points, cells[cell, None, :2], cells[cell, None, 2:], bins)  # [P, 2, 4]
        loss = distribution_loss(found.flatten(0, 1), wanted.flatten()).view(-1, 2, 4).mean(2)
        known = torch.stack((torch.ones_like(clip, dtype=torch.bool), targets.next_known[clip, frame, ball]), 1)
        share = near.sum(3)[clip, frame, ball]
        return ((loss * known).sum(1) / known.sum(1) / share).sum()


def _nearest(away: Tensor, near: Tensor) -> Tensor:
    """Return bool [B, G, M, N]: the one cell that holds each ball; of two balls in a cell, the nearer has it.

    Args:
        away: distance in strides, [B, G, M, N].
        near: which of these count.
    """
    away = away.masked_fill(~near, torch.inf)
    mine = torch.zeros_like(near).scatter(3, away.argmin(3, keepdim=True), True) & near
    taken = away.masked_fill(~mine, torch.inf)
    first = torch.zeros_like(near).scatter(2, taken.argmin(2, keepdim=True), True)
    return mine & first
