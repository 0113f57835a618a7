"""CIoU: overlap that still tells near from far where boxes do not touch."""

from __future__ import annotations

from math import pi

import torch
from torch import Tensor

_TINY = 1e-7


def complete_iou(found: Tensor, wanted: Tensor) -> Tensor:
    """Return IoU - d^2 / c^2 - a v of boxes, row by row: float32 [n] (Zheng et al. 2020, Distance-IoU Loss).

    d is the distance of the centres, c the diagonal of the box around both, v = 4 / pi^2 (difference of the aspects'
    angles)^2 and a = v / (1 - IoU + v), which has no gradient.

    Args:
        found: [n, 4] x1, y1, x2, y2, any float type.
        wanted: [n, 4], the same.
    """
    found, wanted = found.float(), wanted.float()
    size, other = found[:, 2:] - found[:, :2], wanted[:, 2:] - wanted[:, :2]
    common = torch.minimum(found[:, 2:], wanted[:, 2:]) - torch.maximum(found[:, :2], wanted[:, :2])
    shared = common.clamp(min=0).prod(1)
    iou = shared / (size.prod(1) + other.prod(1) - shared + _TINY)
    around = torch.maximum(found[:, 2:], wanted[:, 2:]) - torch.minimum(found[:, :2], wanted[:, :2])
    apart = (found[:, :2] + found[:, 2:] - wanted[:, :2] - wanted[:, 2:]).square().sum(1) / 4
    angles = torch.atan(other[:, 0] / (other[:, 1] + _TINY)) - torch.atan(size[:, 0] / (size[:, 1] + _TINY))
    shape = 4 / pi**2 * angles.square()
    with torch.no_grad():
        weight = shape / (1 - iou + shape + _TINY)
    return iou - apart / (around.square().sum(1) + _TINY) - weight * shape
