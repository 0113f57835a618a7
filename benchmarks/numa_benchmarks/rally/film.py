"""What a camera and a codec do to a picture: light, blur, sharpening, grain, compression."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

_ROOM = 64
"""Pixels by which a tile of noise is larger than the picture."""


@dataclass(frozen=True, slots=True)
class Film:
    """How one camera sees; the same for all frames of a scene.

    Attributes:
        exposure: share of the time between frames that the shutter is open, 0-1.
        curve: uint8 (256,), what becomes of each level: contrast, brightness and gamma.
        blur: standard deviation of the optics and of the scaling from a larger picture, pixels; 0: none.
        sharpen: how much edges are raised after the blur, as broadcast cameras do, 0-1.
        quality: of the JPEG that every frame goes through, 0: none.
        hold: frames that share their grain: a video codec repeats what it takes for still.
        tile: int16 (h, w, 3) noise that frames take pieces of, because drawing it anew costs more than everything
            else; None: no grain.
    """

    exposure: float
    curve: Picture
    blur: float
    sharpen: float
    quality: int
    hold: int
    tile: NDArray[np.int16] | None

    @classmethod
    def chosen(cls, size: tuple[int, int], rng: np.random.Generator) -> Film:
        """Return a camera by chance."""
        height, width = size
        gain, offset, gamma = rng.uniform(0.85, 1.2), rng.uniform(-8, 10), rng.uniform(0.7, 1.15)
        levels = 255 * (np.arange(256) / 255) ** gamma * gain + offset
        grain = float(rng.uniform(0.5, 2.5) if rng.random() < 0.7 else rng.uniform(2.5, 7))
        noise = rng.normal(0, grain, (height + _ROOM, width + _ROOM, 1))
        if rng.random() < 0.5:  # scaled down from a larger picture: coarser grain
            noise = 1.6 * cv2.GaussianBlur(noise, (0, 0), 0.7)[..., None]
        tile = np.repeat(noise.round().astype(np.int16), 3, axis=2)
        return cls(
            exposure=float(rng.uniform(0.12, 0.95)),
            curve=np.clip(levels, 0, 255).astype(np.uint8),
            blur=float(rng.uniform(0.35, 0.9)) if rng.random() < 0.55 else 0.0,
            sharpen=float(rng.uniform(0.2, 0.9)) if rng.random() < 0.4 else 0.0,
            quality=int(rng.integers(30, 95)) if rng.random() < 0.85 else 0,
            hold=int(rng.choice([1, 4, 15, 60], p=[0.3, 0.15, 0.25, 0.3])),
            tile=tile if rng.random() < 0.85 else None,
        )

    def develop(self, picture: Picture, number: int) -> Picture:
        """Return the picture as it comes out of the camera: uint8 (H, W, 3) BGR; `number` is the frame's."""
        if self.blur:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), self.blur), np.uint8)
        if self.sharpen:
            soft = cv2.blur(picture, (3, 3))
            picture = np.asarray(cv2.addWeighted(picture, 1 + self.sharpen, soft, -self.sharpen, 0), np.uint8)
        picture = np.asarray(cv2.LUT(picture, self.curve), np.uint8)
        if self.tile is not None:
            height, width = picture.shape[:2]
            run = number // self.hold
            y, x = (run * 37) % _ROOM, (run * 53 + run // _ROOM) % _ROOM
            noise = self.tile[y : y + height, x : x + width]
            picture = np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8)
        if self.quality:
            done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
            assert done
            picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
        return picture


def paint_ball(picture: Picture, way: Array, radius: float, colour: Array) -> Array:
    """Paint a ball that moves along `way` while the shutter is open; return how opaque it is where it was painted.

    A pixel is covered for the share of the time that the ball was over it, so fast balls fade.

    Args:
        picture: uint8 (H, W, 3) BGR, painted on.
        way: (n, 2) pixels, evenly spaced in time.
        radius: pixels.
        colour: BGR.

    Returns:
        float32 (h, w) the part that was painted; (0, 0) outside the picture.
    """
    low = np.floor(way.min(0) - radius - 2).astype(int)
    high = np.ceil(way.max(0) + radius + 2).astype(int) + 1
    low, high = np.maximum(low, 0), np.minimum(high, picture.shape[1::-1])
    if (high <= low).any():
        return np.zeros((0, 0))
    x, y = np.arange(low[0], high[0]), np.arange(low[1], high[1])
    cover = np.zeros((len(y), len(x)), np.float32)
    for point in way:
        away = np.hypot(x[None] - point[0], y[:, None] - point[1])
        cover += np.clip(radius + 0.5 - away, 0, 1)
    # A ball of less than a pixel covers less than a pixel.
    cover *= np.float32((min(1.0, (2 * radius) ** 2 * 0.785) if radius < 0.5 else 1.0) / len(way))
    part = picture[low[1] : high[1], low[0] : high[0]]
    part[:] = (part * (1 - cover[..., None]) + colour * cover[..., None]).clip(0, 255).astype(np.uint8)
    return np.asarray(cover, float)
