"""The last step of end-to-end heads: the best pairs of cell and class, best first; nothing is suppressed."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from numa_deploy.network.deploy.candidates import CandidatesForm
from numa_deploy.network.deploy.winners import take

MOST_FINAL = 300
"""Rows that are given; fewer where a small input has fewer cells."""


class FinalForm(nn.Module):
    """Levels -> detections [B, M, 6] x1, y1, x2, y2, score, class; keypoints [B, M, kpts, 2 or 3] where there are some.

    Args:
        candidates: gives the M best cells; it is asked for no features.
    """

    def __init__(self, candidates: CandidatesForm) -> None:
        super().__init__()
        self.candidates = candidates

    def forward(self, levels: Sequence[Tensor]) -> dict[str, Tensor]:
        """levels: [B, c_i, H_i, W_i]."""
        found = self.candidates(levels)
        return pairs(found["boxes"], found["scores"], found.get("keypoints"))


def finish(boxes: Tensor, scores: Tensor, keypoints: Tensor | None = None) -> dict[str, Tensor]:
    """Choose the plain way among all cells: boxes [B, N, 4], scores [B, N, nc], keypoints [B, N, kpts, values]."""
    rows = scores.amax(2).topk(min(MOST_FINAL, scores.shape[1]), 1).indices
    points = None if keypoints is None else keypoints.take_along_dim(rows[..., None, None], 1)
    return pairs(boxes.take_along_dim(rows[..., None], 1), scores.take_along_dim(rows[..., None], 1), points)


def pairs(boxes: Tensor, scores: Tensor, keypoints: Tensor | None) -> dict[str, Tensor]:
    """Return the M best pairs of M cells and nc classes: a cell may answer with several classes, or with none."""
    classes = scores.shape[2]
    best, index = scores.flatten(1).topk(scores.shape[1], 1)
    cell = torch.div(index, classes, rounding_mode="trunc")
    label = (index - cell * classes).to(boxes.dtype)
    found = {"detections": torch.cat((take(boxes, cell), best[..., None], label[..., None]), 2)}
    if keypoints is not None:
        shape = keypoints.shape[2:]
        found["keypoints"] = torch.unflatten(take(keypoints.flatten(2), cell), 2, tuple(shape))
    return found
