"""A pinhole camera that looks at the court, and shakes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NEAREST = 0.3
"""Metres; what is nearer to the camera is not drawn."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Where it stands and what it sees.

    Attributes:
        eye: its place, metres.
        turn: (3, 3), world to camera: x right, y down, z ahead.
        focal: pixels.
        size: (height, width) of the picture.
    """

    eye: Array
    turn: Array
    focal: float
    size: tuple[int, int]

    @classmethod
    def looking(cls, eye: Array, at: Array, focal: float, size: tuple[int, int], roll: float = 0.0) -> Camera:
        """Return a camera at `eye` that looks at the place `at`, turned about its axis by `roll` radians."""
        ahead = (at - eye) / np.linalg.norm(at - eye)
        right = np.cross(ahead, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        down = np.cross(ahead, right)
        c, s = np.cos(roll), np.sin(roll)
        return cls(eye, np.stack([c * right + s * down, c * down - s * right, ahead]), focal, size)

    @property
    def matrix(self) -> Array:
        """(3, 3): the focal length, the picture's middle as principal point."""
        height, width = self.size
        return np.array([[self.focal, 0, width / 2], [0, self.focal, height / 2], [0, 0, 1.0]])

    def project(self, points: Array) -> tuple[Array, Array]:
        """Return pixels [..., 2] and depths [...] in metres of points [..., 3]."""
        seen = (points - self.eye) @ self.turn.T
        depth = np.maximum(seen[..., 2], NEAREST)
        height, width = self.size
        return seen[..., :2] / depth[..., None] * self.focal + np.array([width / 2, height / 2]), seen[..., 2]

    def turned(self, yaw: float, pitch: float, roll: float) -> Camera:
        """Return the camera turned in place by three small angles, radians."""
        x, y, z = pitch, yaw, roll
        about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
        about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
        about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
        return Camera(self.eye, about_z @ about_y @ about_x @ self.turn, self.focal, self.size)

    def from_picture_of(self, other: Camera, offset: tuple[float, float]) -> Array:
        """Return the homography (3, 3) that takes another camera's picture, from the same place, into this one's.

        `offset` is where the other picture's (0, 0) lies in a larger canvas.
        """
        shift = np.array([[1, 0, -offset[0]], [0, 1, -offset[1]], [0, 0, 1.0]])
        homography: Array = self.matrix @ self.turn @ other.turn.T @ np.linalg.inv(other.matrix) @ shift
        return homography
