"""The inference form of heads with boxes: K winners by class logit, then DFL and keypoints for those alone."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.deploy.dfl import mean_bin, moment_matrix
from numa_deploy.network.deploy.top import top_cells


class CandidatesForm(nn.Module):
    """Levels -> boxes [B, K, 4], scores [B, K, nc], keypoints [B, K, kpts, 2 or 3] where `keypoints` is given.

    Branches are one module per level: `box` gives 4 * R bins, `scores` nc logits, `keypoints` kpts * values.
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
    ) -> None:
        super().__init__()
        self.cv2, self.cv3, self.cv4 = box, scores, keypoints
        self.strides, self.bins, self.top_k, self.keypoint_shape = tuple(strides), bins, top_k, keypoint_shape
        self.register_buffer("moments", moment_matrix(bins), persistent=False)

    def forward(self, levels: Sequence[Tensor]) -> dict[str, Tensor]:
        """levels: [B, c_i, H_i, W_i]; everything after the branches is float32."""
        logits = _all_cells(self.cv3, levels)
        best = logits.squeeze(1) if logits.shape[1] == 1 else logits.amax(1)
        index, real = top_cells(best, self.top_k)
        table = cell_table(shapes_of(levels), self.strides, logits.device)
        cells = functional.embedding(index, table)
        centre, stride = cells[..., :2], cells[..., 2:]
        scores = _take(logits, index).sigmoid().transpose(1, 2)
        found = {
            "boxes": self._boxes(_take(_all_cells(self.cv2, levels), index), centre, stride),
            "scores": scores if real is None else scores * real[..., None],
        }
        if self.cv4 is not None and self.keypoint_shape is not None:
            values = _take(_all_cells(self.cv4, levels), index).transpose(1, 2)
            found["keypoints"] = _keypoints(torch.unflatten(values, 2, self.keypoint_shape), centre, stride)
        return found

    def _boxes(self, logits: Tensor, centre: Tensor, stride: Tensor) -> Tensor:
        sides = mean_bin(torch.unflatten(logits, 1, (4, self.bins)), self.moments).transpose(1, 2)
        return torch.cat((centre - sides[..., :2] * stride, centre + sides[..., 2:] * stride), 2)


def _all_cells(branches: nn.ModuleList, levels: Sequence[Tensor]) -> Tensor:
    maps = [branch(level).flatten(2) for branch, level in zip(branches, levels, strict=True)]
    return torch.cat(maps, 2).float()


def _take(maps: Tensor, index: Tensor) -> Tensor:
    """Return the winners' columns [B, c, K]; maps: [B, c, N], index: [B, K]."""
    return maps.gather(2, index[:, None].expand(-1, maps.shape[1], -1))


def _keypoints(values: Tensor, centre: Tensor, stride: Tensor) -> Tensor:
    """values: [B, K, kpts, 2 or 3]; x = 2 v stride + the cell's corner."""
    corner = (centre - stride / 2)[:, :, None]
    points = values[..., :2] * (stride * 2)[:, :, None] + corner
    return torch.cat((points, values[..., 2:].sigmoid()), 3) if values.shape[3] == 3 else points
