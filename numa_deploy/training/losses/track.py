"""The loss of balls: a score per cell and frame, and where the ball is now and in the next frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from numa_deploy.network.cells import coding
from numa_deploy.network.cells.grid import cell_table
from numa_deploy.network.heads.track import TrackHead
from numa_deploy.network.heads.track_logits import TrackLogits, WholeLogits
from numa_deploy.training.losses.distribution import distribution_loss
from numa_deploy.training.losses.gains import LossGains
from numa_deploy.training.losses.targets import BallTargets, itself

GAMMA, ALPHA = 2.0, 0.75
NEGATIVES = 3
"""Hard negatives for each positive; a frame without a ball keeps as many as one ball would."""

TOLERANCE = 4.0
"""Pixels of the input by which a ball may be misplaced and still count as found."""

NEAR = 1.5
"""Strides around a ball within which a cell says where it is."""


class TrackNetLoss:
    """Scores (focal, hard negatives) and distances (DFL) of a track head, on every level.

    On each level the cells within 1.5 strides of a ball learn where it is, and the score that they deserve:
    1 / (1 + (d / 4)^2) for placing it d pixels beside. So of all cells and levels the one that knows best wins (told
    plainly "1" where the ball is, the coarsest level won 7 of 10 balls of a half-trained network and placed them twice
    as far beside as the finest could). The cell that holds the ball counts as one, all others near it together as one.
    Of the cells farther away the three with the highest scores for each ball of the frame are told "no ball" (Lin et
    al. 2017, Focal Loss; hard negatives as Liu et al. 2016, SSD). Each level is divided by its own number of positives,
    or P3 with its 16 times more cells than P5 would count for all, and weighed by 1 / stride^2, for so precise it can
    be. Positions are clamped to what the level can say; the next position is learnt where it is known, in the clip's
    last frame too.

    Args:
        head: the head whose logits are judged.
        gains: how much each part counts.
    """

    def __init__(self, head: TrackHead, gains: LossGains | None = None) -> None:
        self.head, self.gains = head, gains or LossGains()
        self.positives = 0
        self.total: Callable[[Tensor], Tensor] = itself

    def __call__(self, raw: TrackLogits | Sequence[Tensor], targets: BallTargets) -> dict[str, Tensor]:
        """Return each part, weighted, a scalar with a gradient: ball, ball_point.

        Args:
            raw: logits per level [B, G, F * R + nc, H, W], as the head gives them.
            targets: the clips' balls.
        """
        logits = raw if isinstance(raw, TrackLogits) else WholeLogits(raw, self.head.nc)
        table = cell_table(logits.shapes, self.head.strides, logits.device)
        levels = torch.split(table, [height * width for height, width in logits.shapes])
        self.positives = 0
        parts = torch.stack([self._level(logits, level, cells, targets) for level, cells in enumerate(levels)])
        score, point = self._weights(parts) @ parts
        batch = len(targets.valid)
        return {"ball": self.gains.ball * batch * score, "ball_point": self.gains.ball_point * batch * point}

    def _weights(self, parts: Tensor) -> Tensor:
        """Return how much each level counts, falling with its cells' area, together as much as there are levels."""
        precision = torch.tensor([float(stride) for stride in self.head.strides], device=parts.device) ** -2
        return len(precision) * precision / precision.sum()

    def _level(self, raw: TrackLogits | WholeLogits, level: int, cells: Tensor, targets: BallTargets) -> Tensor:
        """Return score and point loss of one level, [2]; cells: [N, 3]."""
        centres, stride = cells[:, :2], cells[0, 2]
        away = (targets.points[:, :, :, None, :2] - centres).abs().amax(-1) / stride  # [B, G, M, N]
        near = (away <= NEAR) & targets.valid[..., None]
        holds = _nearest(away, near)
        found = holds.sum()
        self.positives += int(found)
        positives = int(self.total(found))
        clip, frame, ball, cell = near.nonzero(as_tuple=True)
        bins = torch.unflatten(raw.bins(level, clip, frame, cell), 1, (self.head.feat_no, self.head.reg_max))
        points = torch.unflatten(targets.points[clip, frame, ball], 1, (2, 2))
        share = 1 / near.sum(3)[clip, frame, ball]
        scores = raw.scores(level).flatten(3).float()
        own = scores[clip, frame, targets.classes[clip, frame, ball], cell]
        worth = self._worth(bins, points[:, 0], cells[cell])
        cost = functional.binary_cross_entropy_with_logits(own, worth, reduction="none")
        told = (ALPHA * (worth - own.sigmoid()).abs() ** GAMMA * cost * (holds[clip, frame, ball, cell] + share)).sum()
        score = told + self._others(scores, near, holds, targets)
        known = torch.stack((torch.ones_like(clip, dtype=torch.bool), targets.next_known[clip, frame, ball]), 1)
        point = self._points(bins, points, cells[cell], known, share)
        return torch.stack((score, point)) / max(positives, 1)

    @torch.no_grad()
    def _worth(self, bins: Tensor, points: Tensor, cells: Tensor) -> Tensor:
        """Return the scores [P] that cells deserve, 1 / (1 + (d / 4 px)^2) for a ball that they place d beside.

        Args:
            bins: [P, F, R].
            points: where the balls are, [P, 2].
            cells: [P, 3].
        """
        steps = torch.arange(self.head.reg_max, device=bins.device, dtype=bins.dtype)
        found = coding.decode(coding.offsets(bins[:, :4].softmax(-1) @ steps), cells[:, :2], cells[:, 2:])
        return 1 / (1 + (found - points).square().sum(1) / TOLERANCE**2)

    @staticmethod
    def _others(scores: Tensor, near: Tensor, holds: Tensor, targets: BallTargets) -> Tensor:
        """Return the summed focal loss of the hardest cells that have no ball near; scores: [B, G, nc, N]."""
        spared = torch.zeros_like(scores, dtype=torch.bool)
        clip, frame, ball, cell = near.nonzero(as_tuple=True)
        spared[clip, frame, targets.classes[clip, frame, ball], cell] = True
        others = scores.masked_fill(spared, -torch.inf).flatten(2)
        wanted = NEGATIVES * holds.sum((2, 3)).clamp(min=1)  # [B, G]
        hardest = others.topk(min(int(wanted.max()), others.shape[2]), 2).values
        rank = torch.arange(hardest.shape[2], device=hardest.device)
        hardest = hardest[(rank < wanted[..., None]) & hardest.isfinite() & targets.known[..., None]]
        return ((1 - ALPHA) * torch.sigmoid(hardest) ** GAMMA * functional.softplus(hardest)).sum()

    def _points(self, bins: Tensor, points: Tensor, cells: Tensor, known: Tensor, share: Tensor) -> Tensor:
        """Return the summed distribution loss of P cells.

        Args:
            bins: [P, F, R].
            points: now and next of their balls, [P, 2, 2].
            cells: [P, 3].
            known: which of the two is known, bool [P, 2].
            share: how much each cell counts, [P].
        """
        wanted = coding.encode(points, cells[:, None, :2], cells[:, None, 2:], self.head.reg_max)  # [P, 2, 4]
        loss = distribution_loss(bins.flatten(0, 1), wanted.flatten()).view(-1, 2, 4).mean(2)
        return ((loss * known).sum(1) / known.sum(1) * share).sum()


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
