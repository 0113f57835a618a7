"""The inference form of heads with boxes: K winners by class logit, then DFL and keypoints for those alone."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.deploy.appearance import appearance
from numa_deploy.network.deploy.dfl import mean_bin, moment_matrix
from numa_deploy.network.deploy.top import top_cells
from numa_deploy.network.deploy.winners import WinnersTower, rows_of, take

WORTH = 3
"""A level with more than this many cells per winner is cheaper computed at the winners alone."""


class CandidatesForm(nn.Module):
    """Levels -> boxes [B, K, 4], scores [B, K, nc], keypoints [B, K, kpts, 2 or 3] where `keypoints` is given.

    Branches are one module per level.

    Args:
        box: gives 4 * R bins.
        scores: gives nc logits.
        strides: of each level.
        bins: R, bins per distance; 1: the distance itself.
        top_k: K, candidates per image.
        keypoints: gives kpts * values.
        keypoint_shape: (kpts, values).
        features: adds appearance features [B, K, C] of the boxes.
    """

    moments: Tensor

    def __init__(
        self,
        box: nn.ModuleList,
        scores: nn.ModuleList,
        strides: Sequence[int],
        bins: int,
        top_k: int,
        *,
        keypoints: nn.ModuleList | None = None,
        keypoint_shape: tuple[int, int] | None = None,
        features: bool = False,
    ) -> None:
        super().__init__()
        self.cv2, self.cv3 = WinnersBranch(box, top_k), scores
        self.cv4 = None if keypoints is None else WinnersBranch(keypoints, top_k)
        self.strides, self.bins, self.top_k, self.keypoint_shape = tuple(strides), bins, top_k, keypoint_shape
        self.features = features
        self.register_buffer("moments", moment_matrix(bins), persistent=False)

    def forward(self, levels: Sequence[Tensor]) -> dict[str, Tensor]:
        """levels: [B, c_i, H_i, W_i]; everything after the branches is float32."""
        logits = torch.cat([rows_of(branch(x)) for branch, x in zip(self.cv3, levels, strict=True)], 1).float()
        best = logits.squeeze(2) if logits.shape[2] == 1 else logits.amax(2)
        index, real = top_cells(best, self.top_k)
        table = cell_table(shapes_of(levels), self.strides, logits.device)
        cells = functional.embedding(index, table)
        centre, stride = cells[..., :2], cells[..., 2:]
        scores = take(logits, index).sigmoid()
        found = {
            "boxes": self._boxes(self.cv2(levels, index), centre, stride),
            "scores": scores if real is None else scores * real[..., None],
        }
        if self.cv4 is not None and self.keypoint_shape is not None:
            values = torch.unflatten(self.cv4(levels, index), 2, self.keypoint_shape)
            found["keypoints"] = _keypoints(values, centre, stride)
        if self.features:
            found["features"] = appearance(levels, found["boxes"], self.strides[0])
        return found

    def _boxes(self, logits: Tensor, centre: Tensor, stride: Tensor) -> Tensor:
        sides = logits if self.bins == 1 else mean_bin(torch.unflatten(logits, 2, (4, self.bins)), self.moments)
        return torch.cat((centre - sides[..., :2] * stride, centre + sides[..., 2:] * stride), 2)


class WinnersBranch(nn.Module):
    """One branch of all levels, of which only the winners' rows are wanted.

    Its finest level is computed at the winners where that saves work: where it is large, and a plain tower.
    """

    def __init__(self, branches: nn.ModuleList, top_k: int) -> None:
        super().__init__()
        self.dense, self.top_k = branches, top_k
        finest = branches[0]
        self.sparse = WinnersTower(finest) if isinstance(finest, nn.Sequential) and WinnersTower.fits(finest) else None

    def forward(self, levels: Sequence[Tensor], index: Tensor) -> Tensor:
        """levels: [B, c_i, H_i, W_i], index: int64 [B, K] over all levels' cells -> float32 [B, K, out]."""
        finest = levels[0].shape[2] * levels[0].shape[3]
        if self.sparse is None or (type(finest) is int and finest <= WORTH * self.top_k):
            return take(_rows_of_all(self.dense, levels), index).float()
        near: Tensor = self.sparse(levels[0], index.clamp(max=finest - 1))
        if len(levels) == 1:
            return near
        far = take(_rows_of_all(list(self.dense)[1:], levels[1:]), (index - finest).clamp(min=0)).float()
        return torch.where((index < finest)[..., None], near, far)


def _rows_of_all(branches: Sequence[nn.Module] | nn.ModuleList, levels: Sequence[Tensor]) -> Tensor:
    return torch.cat([rows_of(branch(level)) for branch, level in zip(branches, levels, strict=True)], 1)


def _keypoints(values: Tensor, centre: Tensor, stride: Tensor) -> Tensor:
    """values: [B, K, kpts, 2 or 3]; x = 2 v stride + the cell's corner."""
    corner = (centre - stride / 2)[:, :, None]
    points = values[..., :2] * (stride * 2)[:, :, None] + corner
    return torch.cat((points, values[..., 2:].sigmoid()), 3) if values.shape[3] == 3 else points
