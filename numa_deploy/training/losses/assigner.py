"""Which cells answer for which label: task-aligned assignment (Feng et al. 2021, TOOD)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from numa_deploy.training.losses.overlap import complete_iou
from numa_deploy.training.losses.targets import BoxTargets

TOP = 10
SCORE_POWER, OVERLAP_POWER = 0.5, 6.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """The P cells that have a label, one row each.

    Attributes:
        image: int64 [P].
        cell: int64 [P].
        label: int64 [P], the label's place in its image.
        share: float32 [P], 0-1: how well the cell does already; the score that it is to have.
    """

    image: Tensor
    cell: Tensor
    label: Tensor
    share: Tensor

    def __len__(self) -> int:
        return len(self.image)


@torch.no_grad()
def assign(scores: Tensor, boxes: Tensor, centres: Tensor, targets: BoxTargets, least: float = 0.0) -> Assignment:
    """Give each label the cells in its box that are best at it.

    A cell's quality for a label is score^0.5 * CIoU^6. The ten best become the label's; a cell that several labels want
    goes to the one it overlaps most. `share` is the quality over the label's best, times the label's best overlap, both
    over the cells it was left.

    A label with a side below `least` counts as so wide or high as well when cells are looked for and their overlap is
    measured, whichever is better for them: else it holds no cell's centre, or none that overlaps it yet, and is never
    learnt (of 929 objects of coco128 at 320 pixels, 68).

    Args:
        scores: [B, N, nc], 0-1.
        boxes: [B, N, 4] x1, y1, x2, y2 in input pixels, what each cell says now.
        centres: [N, 2] in input pixels.
        targets: the labels.
        least: pixels, more than the finest stride, so that there is a centre within.
    """
    wide = _widened(targets.boxes, least)
    image, label, cell = (_inside(centres, wide) & targets.valid[:, :, None]).nonzero(as_tuple=True)
    said = boxes[image, cell]
    overlap = complete_iou(said, targets.boxes[image, label])
    overlap = torch.maximum(overlap, complete_iou(said, wide[image, label])).clamp(min=0)
    score = scores[image, cell, targets.classes[image, label]].float()
    quality = score**SCORE_POWER * overlap**OVERLAP_POWER
    batch, most, cells = *targets.valid.shape, len(centres)
    dense, place = quality.new_zeros(2, batch * most * cells), (image * most + label) * cells + cell
    dense[0, place], dense[1, place] = quality, overlap
    dense = dense.view(2, batch, most, cells)
    best, where = dense[0].topk(min(TOP, cells), 2)
    image, label, rank = (best > 0).nonzero(as_tuple=True)
    cell = where[image, label, rank]
    quality, overlap = best[image, label, rank], dense[1, image, label, cell]
    kept = _one_label_each(image * cells + cell, label, overlap, batch * cells, most)
    image, cell, label, quality, overlap = (part[kept] for part in (image, cell, label, quality, overlap))
    owner = image * most + label
    top_quality, top_overlap = (_largest(part, owner, batch * most)[owner] for part in (quality, overlap))
    return Assignment(image, cell, label, quality / top_quality * top_overlap)


def _widened(boxes: Tensor, least: float) -> Tensor:
    """Return boxes [B, M, 4] about the same middles, no side below `least`."""
    missing = (least - (boxes[..., 2:] - boxes[..., :2])).clamp(min=0) / 2
    return torch.cat((boxes[..., :2] - missing, boxes[..., 2:] + missing), -1)


def _inside(centres: Tensor, boxes: Tensor) -> Tensor:
    """Return bool [B, M, N]: which cells' centres [N, 2] lie in which boxes [B, M, 4]."""
    (x, y), (x1, y1, x2, y2) = centres.unbind(1), boxes[..., None].unbind(2)
    inside: Tensor = (x > x1) & (x < x2) & (y > y1) & (y < y2)
    return inside


def _one_label_each(key: Tensor, label: Tensor, overlap: Tensor, keys: int, labels: int) -> Tensor:
    """Return which rows to keep so that each key has one: that of the largest overlap, of equal ones the first."""
    most = _largest(overlap, key, keys)[key] == overlap
    first = torch.full((keys,), labels, device=key.device, dtype=label.dtype)
    first = first.scatter_reduce(0, key[most], label[most], "amin")
    return most & (first[key] == label)


def _largest(values: Tensor, key: Tensor, keys: int) -> Tensor:
    """Return the largest value [keys] of each key; values are not negative."""
    return values.new_zeros(keys).scatter_reduce(0, key, values, "amax")
