"""Suppression of ball candidates by distance, in plain operators of fixed size.

Greedy: the best candidate is kept, those within reach of it go, the best of the rest is kept, and so on until
five are kept. As only five are wanted, five steps over all 32 candidates give exactly what 32 steps would.
No NonMaxSuppression and no shape that depends on data, because TensorRT builds neither. Values are picked with
Gather, not with a product with a one-hot matrix: TF32 would round pixels to ten bits.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

KEEP = 5
REACH_PARTS = 32
"""The reach is the input's longer side / 32, that is 20 px at 640."""


class Candidates(NamedTuple):
    """Ball candidates of every frame; float32.

    Attributes:
        points: [B, G, C, 4] x, y, next_x, next_y.
        score: [B, G, C].
        label: class [B, G, C].
        saturated: [B, G, C], 1 where `next` may lie beyond what its level can say.
        level: [B, G, C], 0 the finest.
    """

    points: Tensor
    score: Tensor
    label: Tensor
    saturated: Tensor
    level: Tensor


def suppress(candidates: Candidates, side: int | Tensor, levels: int) -> Tensor:
    """Return balls [B, G, 5, 6] x, y, next_x, next_y, score, class, best first; rows of zeros where fewer are left.

    A kept candidate whose `next` is saturated takes it from the finest unsaturated candidate among those it
    suppressed (the better score first), else keeps its own.

    Args:
        candidates: sorted by score, best first.
        side: the input's longer side in pixels.
        levels: number of levels.
    """
    points, saturated = candidates.points, candidates.saturated
    near = _near(points, side)
    count = points.shape[2]
    rank = torch.arange(count, 0, -1, device=points.device, dtype=points.dtype)
    # Donors are ordered by level first, then by rank: both fit exactly into a small float32 integer.
    worth = (1 - saturated) * ((levels - candidates.level) * (2 * count) + rank)
    alive = torch.ones_like(candidates.score)
    picks, sources, real = [], [], []
    for _ in range(min(KEEP, count)):
        best, pick = (alive * rank).max(2, keepdim=True)
        reached = near.gather(2, pick[..., None].expand(-1, -1, 1, count)).squeeze(2)
        gift, donor = (alive * reached * worth).max(2, keepdim=True)
        wanted = saturated.gather(2, pick) * gift > 0
        picks.append(pick)
        sources.append(torch.where(wanted, donor, pick))
        real.append((best > 0).to(points.dtype))
        alive = alive * (1 - reached)
    return _rows(candidates, torch.cat(picks, 2), torch.cat(sources, 2), torch.cat(real, 2))


def _near(points: Tensor, side: int | Tensor) -> Tensor:
    """Return [B, G, C, C], 1 where two candidates' positions lie within side / 32 of each other."""
    gap = points[..., :, None, :2] - points[..., None, :, :2]
    near: Tensor = (gap * gap).sum(-1) * REACH_PARTS**2 <= side * side
    return near.to(points.dtype)


def _rows(candidates: Candidates, pick: Tensor, source: Tensor, real: Tensor) -> Tensor:
    two = (-1, -1, -1, 2)
    now = candidates.points[..., :2].gather(2, pick[..., None].expand(two))
    then = candidates.points[..., 2:].gather(2, source[..., None].expand(two))
    values = [values.gather(2, pick)[..., None] for values in (candidates.score, candidates.label)]
    rows = torch.cat([now, then, *values], 3) * real[..., None]
    missing = KEEP - pick.shape[2]
    return torch.nn.functional.pad(rows, (0, 0, 0, missing)) if missing else rows
