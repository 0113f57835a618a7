"""The loss of boxes and class scores."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.heads.base import flatten_levels
from numa_deploy.network.heads.detect import CellLogits, DetectHead
from numa_deploy.training.losses.assigner import Assignment, assign
from numa_deploy.training.losses.distribution import distribution_loss
from numa_deploy.training.losses.gains import LossGains
from numa_deploy.training.losses.overlap import complete_iou
from numa_deploy.training.losses.targets import BoxTargets

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

    def __call__(self, raw: CellLogits, targets: BoxTargets) -> dict[str, Tensor]:
        """Return each part, weighted, a scalar with a gradient: box, cls, dfl."""
        cells = Cells(self.head, raw)
        found = assign(cells.scores.detach().sigmoid(), cells.all_boxes(), cells.centres, targets)
        self.positives = len(found)
        parts = self._parts(cells, found, targets)
        batch = len(targets.valid)
        return {name: self.gains.of_part(name) * batch * value for name, value in parts.items()}

    def _parts(self, cells: Cells, found: Assignment, targets: BoxTargets) -> dict[str, Tensor]:
        wanted = targets.boxes[found.image, found.label]
        total = found.share.sum().clamp(min=1)
        overlap = complete_iou(cells.boxes(found.image, found.cell), wanted)
        sides = cells.distances_to(wanted, found.cell)
        spread = distribution_loss(cells.bins(found.image, found.cell).flatten(0, 1), sides.flatten())
        chosen = cells.scores[found.image, found.cell, targets.classes[found.image, found.label]].float()
        # Binary cross-entropy with logits is softplus(x) - x * target, and most targets are zero.
        every = functional.softplus(cells.scores.float()) * targets.known[:, None, None]
        own = found.share
        if self._class_weights is not None:
            weights = self._class_weights.to(every.device)
            every, own = every * weights, own * weights[targets.classes[found.image, found.label]]
        scores = every.sum() - (chosen * own).sum()
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
        self.scores = flatten_levels(raw.scores).transpose(1, 2)
        self.raw = raw
        self._head = head
        self._sides = flatten_levels(raw.box).transpose(1, 2)
        self._steps = torch.arange(head.reg_max, device=table.device, dtype=torch.float32)

    @torch.no_grad()
    def all_boxes(self) -> Tensor:
        """Return what every cell says now, [B, N, 4] in input pixels."""
        return self._decode(torch.unflatten(self._sides, 2, (4, -1)), self.centres, self.strides)

    def boxes(self, image: Tensor, cell: Tensor) -> Tensor:
        """Return the boxes [P, 4] of some cells."""
        return self._decode(self.bins(image, cell), self.centres[cell], self.strides[cell])

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
