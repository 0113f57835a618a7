"""Overlaps and distances of boxes in numpy, by the formulas of the kernels; for explaining, not for speed."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def overlaps(box: Floats, others: Floats) -> Floats:
    """Return the IoU of one box with n others.

    Args:
        box: (4,) x1, y1, x2, y2, or rotated (5,) cx, cy, w, h, angle.
        others: (n, 4), or rotated (n, 5).

    Returns:
        (n,); for rotated boxes the probabilistic IoU (Llerena et al. 2021).
    """
    return _probabilistic(box, others) if len(box) == 5 else _upright(box, others)


def grown(boxes: Floats, buffer: float) -> Floats:
    """Return boxes (..., 4) or rotated (..., 5) that are larger by `buffer` of their sides on each side."""
    larger = boxes.copy()
    if boxes.shape[-1] == 5:
        larger[..., 2:4] *= 1.0 + 2.0 * buffer
        return larger
    beyond = buffer * (boxes[..., 2:] - boxes[..., :2])
    larger[..., :2] -= beyond
    larger[..., 2:] += beyond
    return larger


def heights(box: Floats, others: Floats) -> Floats:
    """Return the IoU of the vertical extents of one upright box (4,) with n others (n, 4)."""
    shared = np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])
    spanned = np.maximum(box[3], others[:, 3]) - np.minimum(box[1], others[:, 1])
    return cast("Floats", np.clip(shared, 0.0, None) / spanned)


def _upright(box: Floats, others: Floats) -> Floats:
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    inter = np.prod(np.clip(high - low, 0.0, None), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    union = np.prod(box[2:] - box[:2]) + areas - inter
    return cast("Floats", np.divide(inter, union, out=np.zeros_like(inter), where=union > 0))


def _gaussian(boxes: Floats) -> tuple[Any, Any, Any]:
    """Return the variances along x, along y and their covariance of uniform rotated boxes (n, 5)."""
    along, across = boxes[:, 2] ** 2 / 12.0, boxes[:, 3] ** 2 / 12.0
    c, s = np.cos(boxes[:, 4]), np.sin(boxes[:, 4])
    return along * c * c + across * s * s, along * s * s + across * c * c, (along - across) * c * s


def _probabilistic(box: Floats, others: Floats) -> Floats:
    """Return 1 - Hellinger distance of the boxes' Gaussians."""
    (ax, ay, axy), (bx, by, bxy) = _gaussian(box[None]), _gaussian(others)
    dx, dy = box[0] - others[:, 0], box[1] - others[:, 1]
    xx, yy, xy = ax + bx, ay + by, axy + bxy
    det = xx * yy - xy * xy
    apart = (yy * dx * dx + xx * dy * dy - 2.0 * xy * dx * dy) / (4.0 * det)
    own = (ax * ay - axy * axy) * (bx * by - bxy * bxy)
    spread = 0.5 * np.log(det / (4.0 * np.sqrt(own)))
    return cast("Floats", 1.0 - np.sqrt(np.clip(1.0 - np.exp(-(apart + spread)), 0.0, 1.0)))


def centres(boxes: Floats) -> Floats:
    """Return the centres (n, 2) of upright (n, 4) or rotated (n, 5) boxes."""
    return boxes[:, :2] if boxes.shape[1] == 5 else 0.5 * (boxes[:, :2] + boxes[:, 2:4])


def sizes(boxes: Floats) -> Floats:
    """Return widths and heights (n, 2) of upright (n, 4) or rotated (n, 5) boxes."""
    return boxes[:, 2:4] if boxes.shape[1] == 5 else boxes[:, 2:4] - boxes[:, :2]


def distances(box: Floats, others: Floats) -> Floats:
    """Return the distances in pixels (n,) between the centre of one box and those of n others."""
    return cast("Floats", np.linalg.norm(centres(others) - centres(box[None]), axis=1))


def corners(box: Floats) -> Floats:
    """Return the four corners (4, 2) of an upright (4,) or rotated (5,) box, in order around it."""
    if len(box) == 4:
        x1, y1, x2, y2 = box
        return np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
    c, s = np.cos(box[4]), np.sin(box[4])
    half = 0.5 * np.array([[-box[2], -box[3]], [box[2], -box[3]], [box[2], box[3]], [-box[2], box[3]]])
    return cast("Floats", half @ np.array([[c, s], [-s, c]]) + box[:2])
