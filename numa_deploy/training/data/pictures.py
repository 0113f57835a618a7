"""One image with its labels on the way to the network: placed on a canvas, or four of them as a mosaic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from numa_deploy.training.data.affine import Floats, Size

Whole = NDArray[np.int64]


@dataclass(slots=True)
class Picture:
    """A sample of an image network, in its own pixels.

    Attributes:
        pixels: uint8 (h, w, channels) until it is augmented, then (channels, H, W).
        boxes: float32 (n, 4) x1, y1, x2, y2.
        classes: int64 (n,).
        keypoints: float32 (n, K, 3).
        shown: float32 (n,), the share of each box that is in the picture.
        known: whether its objects are labelled; False for an image that cannot be read.
        name: the file, for messages.
        unreadable: files of it that cannot be read.
    """

    pixels: NDArray[np.uint8]
    boxes: Floats
    classes: Whole
    keypoints: Floats
    shown: Floats
    known: bool
    name: str
    unreadable: tuple[str, ...] = ()


def place(picture: Picture, size: Size, corner: tuple[int, int], fill: int) -> Picture:
    """Return a picture on a canvas of a size (height, width), its left top corner at (x, y)."""
    height, width = picture.pixels.shape[:2]
    canvas = np.full((*size, picture.pixels.shape[2]), fill, np.uint8)
    x, y = corner
    canvas[y : y + height, x : x + width] = picture.pixels
    return _shifted(picture, canvas, corner)


def mosaic(pictures: Sequence[Picture], size: Size, centre: tuple[int, int], fill: int) -> Picture:
    """Return four pictures around a point of a canvas twice as high and wide as `size`: what lies outside is cut.

    Bochkovskiy et al. 2020, YOLOv4, section 3.3.

    Args:
        pictures: four; each lies in one quarter, with a corner at the point: left top, right top, left bottom, right
            bottom. The first gives the name.
        size: (height, width) of the network's input.
        centre: (x, y) of the point.
        fill: grey level where no picture is.
    """
    height, width = 2 * size[0], 2 * size[1]
    canvas = np.full((height, width, pictures[0].pixels.shape[2]), fill, np.uint8)
    parts = []
    for number, one in enumerate(pictures):
        h, w = one.pixels.shape[:2]
        x = centre[0] - (w if number % 2 == 0 else 0)
        y = centre[1] - (h if number < 2 else 0)
        left, top, right, bottom = max(x, 0), max(y, 0), min(x + w, width), min(y + h, height)
        canvas[top:bottom, left:right] = one.pixels[top - y : bottom - y, left - x : right - x]
        parts.append(_shifted(one, canvas, (x, y)))
    return Picture(
        canvas,
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.classes for part in parts]),
        np.concatenate([part.keypoints for part in parts]),
        np.concatenate([part.shown for part in parts]),
        any(part.known for part in parts),
        pictures[0].name,
        tuple(name for part in parts for name in part.unreadable),
    )


def _shifted(picture: Picture, canvas: NDArray[np.uint8], corner: tuple[int, int]) -> Picture:
    """Return a picture's labels on a canvas, boxes cut at its edges and points outside not labelled."""
    height, width = canvas.shape[:2]
    shift = np.array(corner, np.float32)
    whole = picture.boxes + np.tile(shift, 2)
    cut = np.clip(whole, 0, [width, height, width, height]).astype(np.float32)
    areas = [(box[:, 2:] - box[:, :2]).prod(1) for box in (cut, whole)]
    shown = picture.shown * areas[0] / np.maximum(areas[1], 1e-9)
    points = picture.keypoints.copy()
    points[..., :2] += shift
    inside = np.logical_and(points[..., :2] >= 0, points[..., :2] < (width, height)).all(axis=2)
    points *= ((points[..., 2] > 0) & inside)[..., None]
    kept = shown > 0
    return replace(
        picture, pixels=canvas, boxes=cut[kept], classes=picture.classes[kept], keypoints=points[kept],
        shown=shown[kept].astype(np.float32),
    )  # fmt: skip
