"""A brush for places in metres: areas, blocks and letters, as one camera sees them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.camera import Camera

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

_SHIFT = 4  # OpenCV's fixed-point digits
_BEHIND = 0.5
"""Metres; what has a corner nearer than this to the camera's plane is not painted."""


class Painter:
    """Paints places in metres onto a picture that `camera` takes."""

    def __init__(self, picture: Picture, camera: Camera) -> None:
        self.picture, self.camera = picture, camera

    def area(self, corners: Array, colour: Array, alpha: float = 1.0) -> None:
        """Fill a polygon of corners (n, 3)."""
        seen = self._seen(corners)
        if seen is None:
            return
        pixels, part = seen
        painted = part if alpha == 1.0 else part.copy()
        fixed = np.clip(pixels * 2**_SHIFT, -(2**24), 2**24).round().astype(np.int32)
        cv2.fillPoly(painted, [fixed], np.clip(colour, 0, 255).tolist(), cv2.LINE_AA, _SHIFT)
        if alpha < 1.0:
            cv2.addWeighted(painted, alpha, part, 1 - alpha, 0, dst=part)

    def block(self, low: Array, high: Array, colour: Array) -> None:
        """Paint the sides of a box that the camera sees: its top brightest, each side in a shade of its own."""
        (x1, y1, z1), (x2, y2, z2), eye = low, high, self.camera.eye
        x, y = (x1, x2)[int(eye[0] > x2)], (y1, y2)[int(eye[1] > y2)]
        if eye[0] < x1 or eye[0] > x2:
            self.area(np.array([[x, y1, z1], [x, y2, z1], [x, y2, z2], [x, y1, z2]]), 0.6 * colour)
        if eye[1] < y1 or eye[1] > y2:
            self.area(np.array([[x1, y, z1], [x2, y, z1], [x2, y, z2], [x1, y, z2]]), 0.85 * colour)
        if eye[2] > z2:
            self.area(slab(x1, y1, x2, y2, z2), 1.1 * colour)

    def letters(self, corners: Array, mask: Picture, colour: Array, alpha: float = 1.0) -> None:
        """Lay a mask (h, w), 255 where there is colour, onto corners (4, 3): clockwise from top left."""
        seen = self._seen(corners)
        if seen is None:
            return
        pixels, part = seen
        height, width = mask.shape
        source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        homography = cv2.getPerspectiveTransform(source, pixels.astype(np.float32))
        laid = cv2.warpPerspective(mask, homography, (part.shape[1], part.shape[0]), flags=cv2.INTER_LINEAR)
        share = laid[..., None] * np.float32(alpha / 255)
        part[:] = (part * (1 - share) + np.clip(colour, 0, 255) * share).astype(np.uint8)

    def height_of(self, corners: Array) -> float:
        """Return how many pixels high the left and right edges of corners (4, 3) are at most."""
        pixels, _ = self.camera.project(corners)
        return float(np.linalg.norm(pixels[[0, 1]] - pixels[[3, 2]], axis=1).max())

    def _seen(self, corners: Array) -> tuple[Array, Picture] | None:
        """Return the part of the picture around corners (n, 3), and their pixels (n, 2) in it; None where unseen."""
        pixels, depth = self.camera.project(corners)
        if (depth < _BEHIND).any():
            return None
        edge = np.array(self.picture.shape[1::-1])
        low = np.clip(np.floor(pixels.min(0)) - 2, 0, edge).astype(int)
        high = np.clip(np.ceil(pixels.max(0)) + 3, 0, edge).astype(int)
        part = self.picture[low[1] : high[1], low[0] : high[0]]
        return (pixels - low.astype(float), part) if part.size else None


def slab(x1: float, y1: float, x2: float, y2: float, z: float) -> Array:
    """Return the corners (4, 3) of a level rectangle."""
    return np.array([[x1, y1, z], [x2, y1, z], [x2, y2, z], [x1, y2, z]])
