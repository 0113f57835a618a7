"""The loss of boxes and class scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.heads.detect import CellLogits, DetectHead
from numa_deploy.training.losses.assigner import Assignment, assign
from numa_deploy.training.losses.distribution import distribution_loss
from numa_deploy.training.losses.gains import LossGains
from numa_deploy.training.losses.overlap import complete_iou
from numa_deploy.training.losses.score_sum import ScoreSum
from numa_deploy.training.losses.targets import BoxTargets, itself

SMALLEST = 1.5
"""Finest strides below which a side is widened to find cells for a label."""

_EDGE = 1.01
"""Distances end this far below R, so that both neighbouring bins exist."""


class DetectLoss:
    """Boxes (CIoU and DFL) and class scores (binary cross-entropy) of a detect head.

    Score and box parts are sums over cells divided by S, the sum of all soft targets of the batch, or 1; every part is
    multiplied by its gain and the batch size, so that a larger batch takes larger steps, as recipes assume.

    Args:
        head: the head whose logits are judged.
        gains: how much each part counts.
        class_weights: float32 [nc], how much each class's scores count; all alike by default.
    """

    def __init__(self, head: DetectHead, gains: LossGains | None = None, class_weights: Tensor | None = None) -> None:
        self.head, self.gains, self._class_weights = head, gains or LossGains(), class_weights
        self.positives = 0
        self.total: Callable[[Tensor], Tensor] = itself

    def __call__(self, raw: CellLogits, targets: BoxTargets) -> dict[str, Tensor]:
        """Return each part, weighted, a scalar with a gradient: box, cls, dfl."""
        cells = Cells(self.head, raw)
        found = assign(cells.likely, cells.all_boxes(), cells.centres, targets, SMALLEST * self.head.strides[0])
        self.positives = len(found)
        parts = self._parts(cells, found, targets)
        batch = len(targets.valid)
        return {name: self.gains.of_part(name) * batch * value for name, value in parts.items()}

    def _parts(self, cells: Cells, found: Assignment, targets: BoxTargets) -> dict[str, Tensor]:
        wanted = targets.boxes[found.image, found.label]
        total = self.total(found.share.sum()).clamp(min=1)
        bins = cells.bins(found.image, found.cell)
        overlap = complete_iou(cells.boxes(bins, found.cell), wanted)
        sides = cells.distances_to(wanted, found.cell)
        spread = distribution_loss(bins.flatten(0, 1), sides.flatten())
        where = found.image, found.cell, targets.classes[found.image, found.label]
        weights = targets.known.float()[:, None].expand(-1, cells.scores.shape[2])
        if self._class_weights is not None:
            weights = weights * self._class_weights.to(weights.device)
        scores = ScoreSum.apply(cells.scores, cells.likely, where, found.share, weights)  # type: ignore[no-untyped-call]
        return {
            "box": ((1 - overlap) * found.share).sum() / total,
            "cls": scores / total,
            "dfl": (spread.view(-1, 4).mean(1) * found.share).sum() / total,
        }


class Cells:
    """A head's logits as one list of N cells; only the cells asked for are decoded with a gradient."""

    def __init__(self, head: DetectHead, raw: CellLogits) -> None:
        table = cell_table(shapes_of(raw.box), head.strides, raw.box[0].device)
        self.centres, self.strides = table[:, :2], table[:, 2:]
        self.scores = rows_of(raw.scores).float()
        self.likely = self.scores.detach().sigmoid()
        self.raw = raw
        self._head = head
        self._sides = rows_of(raw.box)
        self._steps = torch.arange(head.reg_max, device=table.device, dtype=torch.float32)

    @torch.no_grad()
    def all_boxes(self) -> Tensor:
        """Return what every cell says now, [B, N, 4] in input pixels."""
        return self._decode(torch.unflatten(self._sides, 2, (4, -1)), self.centres, self.strides)

    def boxes(self, bins: Tensor, cell: Tensor) -> Tensor:
        """Return the boxes [P, 4] of some cells, given their logits."""
        return self._decode(bins, self.centres[cell], self.strides[cell])

    def bins(self, image: Tensor, cell: Tensor) -> Tensor:
        """Return the logits [P, 4, R] of some cells."""
        return torch.unflatten(self._sides[image, cell], 1, (4, self._head.reg_max))

    def distances_to(self, boxes: Tensor, cell: Tensor) -> Tensor:
        """Return the distances [P, 4] in strides from cells to the sides of boxes [P, 4], within the bins' reach."""
        centre, stride = self.centres[cell], self.strides[cell]
        both = torch.cat((centre - boxes[:, :2], boxes[:, 2:] - centre), 1) / stride
        within: Tensor = both.clamp(0, self._head.reg_max - _EDGE)
        return within

    def _decode(self, bins: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
        left_top, right_bottom = (bins.float().softmax(-1) @ self._steps).chunk(2, -1)
        return torch.cat((centres - left_top * strides, centres + right_bottom * strides), -1)


def rows_of(levels: Sequence[Tensor]) -> Tensor:
    """levels: each [B, c, H_i, W_i] -> [B, N, c], cells of all levels in order; channels lie innermost as they do."""
    return torch.cat([level.flatten(2).transpose(1, 2) for level in levels], 1)
