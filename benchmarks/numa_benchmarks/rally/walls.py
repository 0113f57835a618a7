"""Plain surroundings: a mottled floor and wall, a crowd, a few boards, clutter that looks like balls."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.boards import word
from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.sports import Court

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]


def paint_walls(picture: Picture, camera: Camera, court: Court, rng: np.random.Generator) -> None:
    """Paint over all of the picture: a textured ground, and a wall where the floor ends."""
    picture[:] = _texture(picture.shape[:2], rng, coarse=int(rng.integers(2, 7)), contrast=rng.uniform(1, 20))
    _walls(picture, _horizon(camera, court), rng)


def paint_clutter(picture: Picture, camera: Camera, court: Court, rng: np.random.Generator) -> None:
    """Paint what looks like balls and is none: lamps, dots, reflections; mostly above the floor."""
    _clutter(picture, _horizon(camera, court), rng)


def _horizon(camera: Camera, court: Court) -> float:
    """Return the row where the floor ends at the back wall."""
    back = np.array([[0.0, court.length / 2 + 5.0 + court.back, 0.0]])
    return float(camera.project(back)[0][0, 1])


def _walls(picture: Picture, horizon: float, rng: np.random.Generator) -> None:
    """Paint what stands behind the court: a wall, a crowd, boards with letters, lamps."""
    row = int(np.clip(horizon, 0, picture.shape[0]))
    if row < 4:
        return
    wall = picture[:row]
    wall[:] = np.clip(wall.astype(np.int16) + rng.integers(-90, 60), 0, 255)
    if rng.random() < 0.6:
        _crowd(wall, rng)
    boards = int(rng.integers(0, 7))
    for _ in range(boards):
        x, y = int(rng.integers(0, picture.shape[1])), row - int(rng.uniform(0.05, 0.3) * picture.shape[0])
        w, h = int(rng.integers(30, 160)), int(rng.integers(8, 34))
        cv2.rectangle(picture, (x, y), (x + w, y + h), _colour(rng).tolist(), -1)
        cv2.putText(
            picture, word(rng), (x + 3, y + h - 4), cv2.FONT_HERSHEY_SIMPLEX, h / 30,
            _colour(rng, 120, 255).tolist(), max(1, h // 14), cv2.LINE_AA,
        )  # fmt: skip


def _crowd(wall: Picture, rng: np.random.Generator) -> None:
    size = float(rng.uniform(3, 9))
    rows, columns = int(wall.shape[0] / (2.2 * size)), int(wall.shape[1] / (1.6 * size))
    for row in range(rows):
        for column in range(columns):
            if rng.random() < 0.3:
                continue
            x = (column + 0.5 + rng.normal(0, 0.15)) * 1.6 * size
            y = (row + 0.5 + rng.normal(0, 0.15)) * 2.2 * size
            cv2.circle(wall, (int(x), int(y + size)), int(size), _colour(rng, 10, 170).tolist(), -1, cv2.LINE_AA)
            skin = (np.array([110.0, 150, 200]) * rng.uniform(0.3, 1.1)).clip(0, 255)
            cv2.circle(wall, (int(x), int(y)), max(1, int(0.5 * size)), skin.tolist(), -1, cv2.LINE_AA)


def _clutter(picture: Picture, horizon: float, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    for _ in range(int(rng.integers(0, 14))):
        y = rng.uniform(0, max(horizon, 0.3 * height)) if rng.random() < 0.7 else rng.uniform(0, height)
        centre = (int(rng.uniform(0, width)), int(y))
        radius = int(rng.integers(1, 6))
        axes = (radius, max(1, int(radius * rng.uniform(0.4, 1))))
        cv2.ellipse(
            picture, centre, axes, rng.uniform(0, 180), 0, 360, (255 * rng.uniform(0.6, 1, 3)).tolist(), -1, cv2.LINE_AA
        )
    for _ in range(int(rng.integers(0, 8))):
        start = rng.uniform(0, 1, 2) * (width, height)
        end = start + rng.normal(0, 60, 2)
        cv2.line(
            picture,
            start.astype(int).tolist(),
            end.astype(int).tolist(),
            _colour(rng, 60, 255).tolist(),
            1,
            cv2.LINE_AA,
        )


def _texture(shape: tuple[int, int], rng: np.random.Generator, *, coarse: int, contrast: float) -> Picture:
    """Return noise of several scales around one colour."""
    height, width = shape
    noise = np.zeros((height, width), np.float32)
    for octave in range(coarse, 9):
        cells = 2**octave
        small = rng.normal(0, 1, (max(2, height * cells // 1024), max(2, width * cells // 1024))).astype(np.float32)
        noise += cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) / (octave - coarse + 1.5)
    noise *= contrast / max(float(noise.std()), 1e-3)
    tint = _colour(rng, 20, 180)[None, None]
    slope = rng.uniform(-40, 40) * np.linspace(-1, 1, height)[:, None, None]
    mixed = tint + noise[..., None] * rng.uniform(0.6, 1, 3) + slope
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def _colour(rng: np.random.Generator, low: float = 0, high: float = 255) -> Array:
    return rng.uniform(low, high, 3)
