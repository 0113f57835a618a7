"""What a camera and a codec do to a picture: light, blur, grain, compression."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Film:
    """How one camera sees; the same for all frames of a scene.

    Attributes:
        exposure: share of the time between frames that the shutter is open, 0-1.
        gain: contrast.
        offset: brightness, grey levels.
        blur: standard deviation of the optics, pixels; 0: none.
        grain: standard deviation of the noise, grey levels.
        quality: of the JPEG that every frame goes through, 0: none.
        tile: float32 noise that frames take pieces of, because drawing it anew costs more than everything else.
    """

    exposure: float
    gain: float
    offset: float
    blur: float
    grain: float
    quality: int
    tile: NDArray[np.float32]

    @classmethod
    def chosen(cls, size: tuple[int, int], rng: np.random.Generator) -> Film:
        """Return a camera by chance."""
        height, width = size
        return cls(
            exposure=float(rng.uniform(0.2, 1.0)),
            gain=float(rng.uniform(0.7, 1.15)),
            offset=float(rng.uniform(-25, 25)),
            blur=float(rng.uniform(0.3, 1.1)) if rng.random() < 0.6 else 0.0,
            grain=float(rng.uniform(0, 7)),
            quality=int(rng.integers(25, 92)) if rng.random() < 0.85 else 0,
            tile=rng.normal(0, 1, (height + 64, width + 64, 1)).astype(np.float32),
        )

    def develop(self, picture: Picture, rng: np.random.Generator) -> Picture:
        """Return the picture as it comes out of the camera: uint8 (H, W, 3) BGR."""
        if self.blur:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), self.blur), np.uint8)
        height, width = picture.shape[:2]
        if self.grain > 0.3:
            y, x = rng.integers(0, 64, 2)
            lit = picture * np.float32(self.gain)
            lit += self.tile[y : y + height, x : x + width] * np.float32(self.grain) + np.float32(self.offset)
            picture = np.asarray(np.clip(lit, 0, 255), np.uint8)
        else:
            picture = np.asarray(cv2.convertScaleAbs(picture, alpha=self.gain, beta=max(self.offset, 0.0)), np.uint8)
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
