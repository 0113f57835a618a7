"""From where a rally is filmed, and how the camera moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.sports import Court

Array = NDArray[np.float64]


BROADCAST = 0.65
"""How often a court on the floor is filmed as broadcasts do it."""


def choose_camera(court: Court, size: tuple[int, int], rng: np.random.Generator) -> Camera:
    """Return a camera that has the court in view: high and far behind a baseline, as in broadcasts, or anywhere."""
    if not court.surface and rng.random() < BROADCAST:
        return _broadcast(court, size, rng)
    return _anywhere(court, size, rng)


def _broadcast(court: Court, size: tuple[int, int], rng: np.random.Generator) -> Camera:
    """Return the main camera of a broadcast: the court a trapezoid in the middle, its ends two tenths from the edges.

    Three badminton broadcasts: about 1.1 court lengths behind the baseline, .6 above the floor, tilted by 19 degrees.
    """
    distance = court.length * rng.uniform(0.8, 1.4)
    height = distance * rng.uniform(0.4, 0.68)
    eye = np.array([rng.normal(0, 0.06 * court.width), -(court.length / 2 + distance), height])
    ends = np.array([[0.0, -court.length / 2, 0.0], [0.0, court.length / 2, 0.0]])
    tilts = np.arctan2(height, ends[:, 1] - eye[1])
    # Where the ends lie, in tangents from the axis: chosen as rows of the picture, solved for the tilt.
    low, high = rng.uniform(0.3, 0.46), rng.uniform(-0.28, -0.08)  # of the near and far baseline, shares of the height
    tilt = float(tilts[1])
    for _ in range(12):
        spread = np.tan(tilts - tilt)
        tilt += float((spread[0] * high - spread[1] * low) / (high - low))
    at = eye + np.array([rng.normal(0, 0.3), np.cos(tilt) * 10, -np.sin(tilt) * 10])
    near, far = np.tan(tilts - tilt)
    focal = min(size[0] * (low - high) / float(near - far), 0.8 * size[1] * distance / court.width)
    return Camera.looking(eye, at, float(focal), size, float(rng.normal(0, 0.004)))


def _anywhere(court: Court, size: tuple[int, int], rng: np.random.Generator) -> Camera:
    """Return a camera behind a baseline, raised, or (one in six) beside the court."""
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
