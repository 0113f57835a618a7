"""What changes how a sample looks and moves no label: light, colour, blur, noise, covered patches."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_deploy.training.augment_options import Augmentation

Picture = NDArray[np.uint8]


def change_colour(picture: Picture, options: Augmentation, rng: np.random.Generator, *, bgr: bool) -> Picture:
    """Return a picture (h, w, 3), or (h, w, 1) which has brightness alone, with another hue, saturation, brightness.

    Args:
        picture: what to change.
        options: how far it may go.
        rng: where chance comes from.
        bgr: the order of the channels; else RGB.
    """
    hue, saturation, value = rng.uniform(-1, 1, 3) * (options.hsv_h, options.hsv_s, options.hsv_v)
    levels = np.arange(256)
    brighter = np.clip(levels * (1 + value), 0, 255).astype(np.uint8)
    if picture.shape[2] == 1:
        return np.asarray(cv2.LUT(picture, brighter), np.uint8).reshape(picture.shape)
    if not (options.hsv_h or options.hsv_s or options.hsv_v):
        return picture
    there, back = (cv2.COLOR_BGR2HSV, cv2.COLOR_HSV2BGR) if bgr else (cv2.COLOR_RGB2HSV, cv2.COLOR_HSV2RGB)
    table = np.empty((256, 3), np.uint8)
    table[:, 0] = (levels + 180 * hue) % 180  # OpenCV's bytes count hue in steps of two degrees
    table[:, 1] = np.clip(levels * (1 + saturation), 0, 255)
    table[:, 2] = brighter
    return np.asarray(cv2.cvtColor(cv2.LUT(cv2.cvtColor(picture, there), table[:, None]), back), np.uint8)


def change_light(planes: Picture, share: float, rng: np.random.Generator) -> Picture:
    """Return planes (..., H, W) with another brightness, contrast and gamma, the same in all."""
    low, high = 1 - share, 1 + share
    contrast, gamma = rng.uniform(low, high), rng.uniform(low, high)
    shift = 255 * rng.uniform(-0.2, 0.2) * share
    levels = (np.arange(256) / 255.0) ** gamma * 255
    table = np.clip((levels - 114) * contrast + 114 + shift, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(planes.reshape(-1, planes.shape[-1]), table), np.uint8).reshape(planes.shape)


def blur_and_noise(planes: Picture, options: Augmentation, rng: np.random.Generator) -> Picture:
    """Return planes (..., H, W) blurred alike by chance, and with noise of their own; may change them in place."""
    if rng.random() < options.blur:
        sigma = rng.uniform(0.4, 1.2)
        flat = planes.reshape(-1, *planes.shape[-2:])
        planes = np.stack([np.asarray(cv2.GaussianBlur(one, (0, 0), sigma)) for one in flat]).reshape(planes.shape)
    level = rng.uniform(0, options.noise)
    if level > 0.5:
        tile = rng.normal(0, level, (planes.shape[-2] + 32, planes.shape[-1] + 32)).astype(np.int8)
        for one in planes.reshape(-1, *planes.shape[-2:]):
            y, x = rng.integers(0, 32, 2)
            part = tile[y : y + one.shape[0], x : x + one.shape[1]]
            np.clip(one + part.astype(np.int16), 0, 255, out=one, casting="unsafe")
    return planes


def cover(planes: Picture, rng: np.random.Generator) -> None:
    """Cover a patch in all planes (..., H, W) with one grey, as a post or a banner would; labels stay."""
    height, width = planes.shape[-2:]
    h, w = int(rng.uniform(0.03, 0.15) * height), int(rng.uniform(0.02, 0.1) * width)
    y, x = int(rng.integers(0, height - h)), int(rng.integers(0, width - w))
    planes[..., y : y + h, x : x + w] = rng.integers(0, 256)
