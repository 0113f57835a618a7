"""What lies in boxes, cut out of a frame as a ReID network wants it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_runtime.vision.opencv import import_cv2

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
"""Of red, green, blue between 0 and 1: what torchvision's networks, and those that began as them, are trained with."""


def cut(frame: NDArray[Any], boxes: ArrayLike, size: tuple[int, int]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Cut boxes out of a frame and stretch each to one size (bilinear), as ReID networks are trained.

    Args:
        frame: uint8 (H, W, 3) blue, green, red, or (H, W) grey.
        boxes: (n, 4) x1, y1, x2, y2 in pixels; what lies outside the frame is left out.
        size: height, width.

    Returns:
        uint8 (m, height, width, 3) red, green, blue, and int64 (m,): the boxes that have a pixel in the frame.
    """
    cv2 = import_cv2()
    colour = frame if frame.ndim == 3 else cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR)
    limits = np.array([frame.shape[1], frame.shape[0]] * 2, float)
    corners = np.clip(np.asarray(boxes, float).reshape(-1, 4), 0, limits)
    corners = np.column_stack([np.floor(corners[:, :2]), np.ceil(corners[:, 2:])]).astype(np.int64)
    seen = np.flatnonzero((corners[:, 2:] > corners[:, :2]).all(axis=1))
    crops = np.zeros((len(seen), *size, 3), np.uint8)
    for crop, (x1, y1, x2, y2) in zip(crops, corners[seen].tolist(), strict=True):
        crop[:] = cv2.resize(colour[y1:y2, x1:x2], size[::-1], interpolation=cv2.INTER_LINEAR)[..., ::-1]
    return crops, seen


def imagenet(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return crops (m, h, w, 3) red, green, blue as float32 with ImageNet's mean taken out and its spread made 1."""
    mean, spread = np.array(IMAGENET_MEAN, np.float32), np.array(IMAGENET_STD, np.float32)
    normal = crops.astype(np.float32)
    normal /= 255
    normal -= mean
    normal /= spread
    return normal
