"""Augmentation of single images: one map of the plane, another colour, now and then a covered patch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from numa_deploy.training.augment_options import Augmentation
from numa_deploy.training.data.affine import Size, draw_matrix, is_still, move_boxes, move_keypoints, warp
from numa_deploy.training.data.light import blur_and_noise, change_colour, cover
from numa_deploy.training.data.pictures import Picture


def augment_picture(
    picture: Picture,
    size: Size,
    options: Augmentation,
    flip: NDArray[np.int64] | None,
    rng: np.random.Generator,
    *,
    bgr: bool = False,
) -> Picture:
    """Return a changed copy of a picture as planes of the network's input.

    Args:
        picture: pixels (h, w, channels); its middle comes to the middle of the result, shifts apart.
        size: (height, width) of the result.
        options: how much.
        flip: each keypoint's partner in a mirror; None: keypoints that cannot be mirrored, so nothing is.
        rng: where chance comes from.
        bgr: the order of the channels; else RGB.
    """
    source = (picture.pixels.shape[0], picture.pixels.shape[1])
    mirrored = bool(rng.random() < options.fliplr) and flip is not None
    upside_down = bool(rng.random() < options.flipud) and flip is not None
    matrix = draw_matrix(source, size, options, rng, mirrored=mirrored, upside_down=upside_down)
    pixels = picture.pixels if source == size and is_still(matrix) else warp(picture.pixels, matrix, size)
    pixels = change_colour(pixels.reshape(*size, -1), options, rng, bgr=bgr)
    planes = np.array(pixels.transpose(2, 0, 1), np.uint8, order="C")
    planes = blur_and_noise(planes, options, rng)
    if rng.random() < options.erase:
        cover(planes, rng)
    boxes, kept = move_boxes(picture.boxes, matrix, size, picture.shown)
    points = move_keypoints(picture.keypoints, matrix, size)
    # Either flip alone makes a mirror image, in which left is right; both together only turn the picture.
    if mirrored != upside_down and flip is not None and points.shape[1]:
        points = points[:, flip]
    return replace(
        picture, pixels=planes, boxes=boxes[kept], classes=picture.classes[kept], keypoints=points[kept],
        shown=picture.shown[kept],
    )  # fmt: skip
