"""From where a rally is filmed, and how the camera moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.sports import Court

Array = NDArray[np.float64]


def choose_camera(court: Court, size: tuple[int, int], rng: np.random.Generator) -> Camera:
    """Return a camera that has the court in view: behind a baseline, raised, or (one in six) beside the court."""
    near = court.surface > 0
    distance = rng.uniform(2.0, 4.5) if near else rng.uniform(4.0, 14.0)
    height = rng.uniform(1.7, 3.2) if near else rng.uniform(2.2, 3.2 + 0.5 * distance)
    beside = rng.random() < 1 / 6
    across, along = court.width / 2, court.length / 2
    if beside:
        eye = np.array([(across + distance + 0.4 * along) * rng.choice([-1, 1]), rng.normal(0, 0.2 * along), height])
    else:
        eye = np.array([rng.normal(0, 0.25 * across), -(along + distance), height])
    at = np.array([rng.normal(0, 0.15 * across), rng.normal(0, 0.12 * along), rng.uniform(0.0, 1.2)])
    camera = Camera.looking(eye, at, 1.0, size, float(rng.normal(0, 0.01)))
    corners = np.array([[x, y, z] for x in (-across, across) for y in (-along, along) for z in (0, court.net)])
    seen = (corners - eye) @ camera.turn.T
    spread = np.abs(seen[:, :2] / np.maximum(seen[:, 2:], 0.3))
    fill = rng.uniform(0.62, 1.02)
    focal = fill * min(size[1] / 2 / float(spread[:, 0].max()), 1.6 * size[0] / 2 / float(spread[:, 1].max()))
    return Camera(eye, camera.turn, focal, size)


class Shake:
    """The camera's movement, frame by frame: a hand's (or a mast's) tremble, and at times a slow pan."""

    def __init__(self, rng: np.random.Generator, fps: float) -> None:
        self._rng = rng
        self._size = rng.choice([0.0, 0.0004, 0.0015, 0.004], p=[0.45, 0.25, 0.2, 0.1])
        self._pan = rng.uniform(0.01, 0.06) if rng.random() < 0.25 else 0.0
        self._rate = rng.uniform(0.15, 0.6) / fps
        self._angle = np.zeros(3)
        self._frame = 0

    def next(self, camera: Camera) -> Camera:
        """Return the camera as it looks in the next frame."""
        self._angle = 0.85 * self._angle + self._rng.normal(0, 1, 3) * self._size
        pan = self._pan * np.sin(2 * np.pi * self._rate * self._frame)
        self._frame += 1
        yaw, pitch, roll = self._angle
        return camera.turned(float(yaw + pan), float(pitch), 0.5 * float(roll))
