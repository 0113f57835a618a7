"""Batches of images of like shapes, each only as high and wide as its images need: rectangular training."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


def rectangles(sizes: Whole, batch: int, stride: int) -> tuple[Whole, Whole]:
    """Return images in the order of their shapes (n,), and each one's input size (n, 2), (height, width).

    Neighbours in that order form a batch; its size holds all of them, in multiples of the stride.

    Args:
        sizes: int64 (n, 2), (height, width) of the images as resized.
        batch: images of a batch.
        stride: of the network.
    """
    order = np.argsort(sizes[:, 0] / sizes[:, 1], kind="stable").astype(np.int64)
    shapes = np.empty_like(sizes)
    for start in range(0, len(order), batch):
        group = order[start : start + batch]
        shapes[group] = -(-sizes[group].max(axis=0) // stride) * stride
    return order, shapes
