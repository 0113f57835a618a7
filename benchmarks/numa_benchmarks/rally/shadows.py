"""The shadows of people below the lamps of a hall: several, soft, each a little to one side."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally import body
from numa_benchmarks.rally.camera import Camera

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

_SHIFT = 4
_RING = np.stack([np.cos(np.linspace(0, 2 * np.pi, 16)), np.sin(np.linspace(0, 2 * np.pi, 16))], 1)


@dataclass(frozen=True, slots=True)
class Shadows:
    """How people shade the floor of a scene.

    Attributes:
        ways: (n, 2) where the shadow of each lamp falls, as shares of the height of who throws it.
        darkness: of each, 0-1.
        soft: of the edges, metres.
    """

    ways: Array
    darkness: float
    soft: float

    @classmethod
    def chosen(cls, rng: np.random.Generator) -> Shadows:
        """Return the lamps of a hall, or the one sun of an open court, by chance."""
        lamps = int(rng.choice([1, 2, 3, 4], p=[0.25, 0.25, 0.25, 0.25]))
        angle = rng.uniform(0, 2 * np.pi) + np.arange(lamps) * 2 * np.pi / lamps + rng.normal(0, 0.3, lamps)
        ways = rng.uniform(0.0, 0.6, lamps)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
        return cls(ways, float(rng.uniform(0.05, 0.6)) / lamps**0.7, float(rng.uniform(0.03, 0.2)))

    def paint(self, picture: Picture, camera: Camera, joints: Array, height: float) -> None:
        """Darken the floor below somebody of joints (17, 3) and that height, metres."""
        foot = joints[[body.LEFT_ANKLE, body.RIGHT_ANKLE, body.LEFT_HIP], :2].mean(0)
        rings = []
        for way in self.ways:
            length = float(np.linalg.norm(way))
            along = way / length if length > 1e-6 else np.array([1.0, 0.0])
            turn = np.stack([along * (0.17 + 0.5 * length), np.array([-along[1], along[0]]) * 0.13])
            rings.append(foot + height * (0.5 * way + _RING @ turn))
        floor = np.concatenate(rings)
        pixels, depth = camera.project(np.column_stack([floor, np.zeros(len(floor))]))
        if (depth < 0.3).any():
            return
        soft = self.soft * camera.focal / float(depth.mean())
        low = np.floor(pixels.min(0) - 2 * soft - 1).astype(int)
        high = np.ceil(pixels.max(0) + 2 * soft + 1).astype(int) + 1
        low, high = np.maximum(low, 0), np.minimum(high, picture.shape[1::-1])
        if (high <= low).any():
            return
        part = picture[low[1] : high[1], low[0] : high[0]]
        light = np.full(part.shape[:2], 255.0, np.float32)
        for ring in np.split(((pixels - low) * 2**_SHIFT).round().astype(np.int32), len(rings)):
            mask = np.zeros(part.shape[:2], np.uint8)
            cv2.fillConvexPoly(mask, ring, 255, cv2.LINE_AA, _SHIFT)
            light *= 1 - np.float32(self.darkness / 255) * mask
        if soft > 0.4:
            light = np.asarray(cv2.blur(light, (2 * round(soft) + 1, 2 * round(soft) + 1)), np.float32)
        part[:] = (part * (light[..., None] / 255)).astype(np.uint8)
