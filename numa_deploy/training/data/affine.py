"""Affine maps of pictures and of what is labelled in them, boxes and points cut at the edges by one rule."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_deploy.training.augment_options import Augmentation

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Matrix = NDArray[np.float32]
Size = tuple[int, int]

SMALLEST_SIDE = 2.0
"""A box with a side of so few pixels is no label any more."""
LEAST_AREA = 0.1
"""A box of which the picture shows less than this share is no label any more."""


def draw_matrix(
    source: Size, target: Size, options: Augmentation, rng: np.random.Generator, *, mirrored: bool, upside_down: bool
) -> Matrix:
    """Return an affine map (2, 3) of pixels: about the middle turned, scaled, mirrored, sheared, then shifted.

    Args:
        source: (height, width) whose middle comes to the middle of the target, shifts apart.
        target: (height, width).
        options: how far it may go.
        rng: where chance comes from.
        mirrored: left and right are exchanged.
        upside_down: top and bottom are exchanged.
    """
    angle = np.radians(rng.uniform(-options.degrees, options.degrees))
    scale = rng.uniform(1 - options.scale, 1 + options.scale)
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[c, -s], [s, c]]) @ np.diag([-1.0 if mirrored else 1.0, -1.0 if upside_down else 1.0])
    if options.shear:
        across, down = np.tan(np.radians(rng.uniform(-options.shear, options.shear, 2)))
        turn = np.array([[1.0, across], [down, 1.0]]) @ turn
    height, width = target
    shift = rng.uniform(-options.translate, options.translate, 2) * (width, height)
    middle, own = np.array([width, height]) / 2, np.array([source[1], source[0]]) / 2
    return np.concatenate([turn, (middle + shift - turn @ own)[:, None]], 1).astype(np.float32)


def is_still(matrix: Matrix) -> bool:
    """Whether a map moves nothing."""
    return bool(np.allclose(matrix, [[1, 0, 0], [0, 1, 0]]))


def warp(
    picture: NDArray[np.uint8], matrix: Matrix, size: Size, out: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """Return a picture (h, w) or (h, w, channels) under a map, on grey (114) where there is none.

    Args:
        picture: what to map.
        matrix: of label coordinates, in which pixel i covers i to i + 1.
        size: (height, width) of the result.
        out: receives it.
    """
    # OpenCV's pixel i lies at i, a label's at i + 1/2.
    pixels = matrix.copy()
    pixels[:, 2] += 0.5 * pixels[:, :2].sum(axis=1) - 0.5
    found = cv2.warpAffine(
        picture, pixels, size[::-1], dst=out, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        borderValue=(114, 114, 114),
    )  # fmt: skip
    return np.asarray(found, np.uint8)


def move_points(points: Floats, matrix: Matrix) -> Floats:
    """Return points (n, 2) where a map takes them."""
    out: Floats = (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    return out


def move_keypoints(keypoints: Floats, matrix: Matrix, size: Size) -> Floats:
    """Return keypoints (n, K, 3) where a map takes them; those outside (height, width) are all zero: not labelled."""
    points = keypoints.copy()
    points[..., :2] = move_points(points[..., :2].reshape(-1, 2), matrix).reshape(points[..., :2].shape)
    inside = np.logical_and(points[..., :2] >= 0, points[..., :2] < (size[1], size[0])).all(axis=2)
    points *= ((points[..., 2] > 0) & inside)[..., None]
    return points


def move_boxes(
    boxes: Floats, matrix: Matrix, size: Size, shown: Floats | None = None
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return boxes (n, 4) around where a map takes them, cut at the edges, and which are labels still (n,).

    A label must be more than `SMALLEST_SIDE` high and wide, and show more than `LEAST_AREA` of its box.

    Args:
        boxes: x1, y1, x2, y2.
        matrix: the map.
        size: (height, width) of the picture they come into.
        shown: share (n,) of each box that was still to be seen before; all of it by default.
    """
    height, width = size
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)
    placed = move_points(corners, matrix).reshape(-1, 4, 2)
    whole = np.concatenate([placed.min(1), placed.max(1)], 1)
    cut = np.clip(whole, 0, [width, height, width, height]).astype(np.float32)
    sides, before = cut[:, 2:] - cut[:, :2], whole[:, 2:] - whole[:, :2]
    least = LEAST_AREA if shown is None else LEAST_AREA / np.maximum(shown, 1e-9)
    kept = (sides > SMALLEST_SIDE).all(1) & (sides.prod(1) > least * before.prod(1))
    return cut, kept
