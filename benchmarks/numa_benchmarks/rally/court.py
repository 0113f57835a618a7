"""What stands still: floor, lines and all that is around them, painted once, larger than the picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.boards import letter_floor
from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.hall import Hall
from numa_benchmarks.rally.painter import Painter, slab
from numa_benchmarks.rally.sports import Court
from numa_benchmarks.rally.walls import paint_clutter, paint_walls

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

MARGIN = 0.15
"""How far the canvas reaches beyond the picture on each side, as a share; cameras that turn see it."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A painted background: uint8 (H, W, 3) BGR, and where the picture's (0, 0) lies in it."""

    picture: Picture
    offset: tuple[int, int]

    def seen_by(self, camera: Camera, painter: Camera) -> Picture:
        """Return what a camera, turned from the one it was painted for, sees of it: a picture of the caller's own."""
        height, width = camera.size
        if np.array_equal(camera.turn, painter.turn):
            x, y = self.offset
            return self.picture[y : y + height, x : x + width].copy()
        homography = camera.from_picture_of(painter, self.offset)
        seen = cv2.warpPerspective(
            self.picture, homography, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        return np.asarray(seen, np.uint8)


def paint_court(court: Court, camera: Camera, rng: np.random.Generator, *, hall: bool) -> Canvas:
    """Paint everything that stands still, as `camera` sees it.

    Args:
        court: what is played on.
        camera: what sees it.
        rng: where chance comes from.
        hall: a hall with boards, stands and officials; otherwise plain surroundings.
    """
    height, width = camera.size
    offset = (round(MARGIN * width), round(MARGIN * height))
    shape = (height + 2 * offset[1], width + 2 * offset[0])
    picture = np.zeros((*shape, 3), np.uint8)
    wider = Camera(camera.eye, camera.turn, camera.focal, shape)
    painter = Painter(picture, wider)
    if hall:
        around = Hall.chosen(court, rng)
        around.paint_behind(painter, rng)
        _floor(painter, court, rng, strew=0.15)
        _spotlight(painter, court, rng)
        around.paint_around(painter, rng)
    else:
        paint_walls(picture, wider, court, rng)
        _floor(painter, court, rng, strew=0.6)
        paint_clutter(picture, wider, court, rng)
    return Canvas(picture, offset)


def _floor(painter: Painter, court: Court, rng: np.random.Generator, *, strew: float) -> None:
    """Paint the mat or table, its lines and letters; `strew`: how often mat and field differ in colour."""
    half_width, half_length, z = court.width / 2, court.length / 2, court.surface
    tone = rng.uniform(60, 190)
    outer = np.clip(tone * rng.uniform(0.4, 1.2, 3), 15, 200)
    inner = np.clip(rng.uniform(60, 200) * rng.uniform(0.4, 1.2, 3), 15, 215) if rng.random() < strew else outer
    if not court.surface:
        aside, behind = rng.uniform(0.5, 1.3), rng.uniform(1.0, 1.8) + 0.6 * court.back
        painter.area(
            slab(-half_width - aside, -half_length - behind, half_width + aside, half_length + behind, 0), outer
        )
    painter.area(slab(-half_width, -half_length, half_width, half_length, z), inner)
    if rng.random() < 0.25 and not court.surface:  # mown or laid in stripes
        edges = np.linspace(-half_length, half_length, 2 * int(rng.integers(4, 9)) + 1)
        for low, high in zip(edges[::2], edges[1::2], strict=False):
            painter.area(slab(-half_width, low, half_width, high, z), inner + rng.uniform(-8, 12), 0.5)
    bright = np.full(3, rng.uniform(170, 255)) + rng.normal(0, 6, 3)
    if not court.surface and rng.random() < 0.75:
        letter_floor(painter, court.width, court.length, bright, rng)
    _lines(painter, court, bright)


def _lines(painter: Painter, court: Court, colour: Array) -> None:
    """Paint the lines: thinner than a pixel, they are as faint as they cover of it."""
    half_width, half_length, z = court.width / 2, court.length / 2, court.surface
    broad = 0.04 if court.surface == 0 else 0.02
    for line in court.lines:
        x1, y1, x2, y2 = np.array(line) * [half_width, half_length, half_width, half_length]
        side = broad / 2 if abs(x1 - x2) < abs(y1 - y2) else 0.0
        along = broad / 2 if side == 0 else 0.0
        middle = np.array([(x1 + x2) / 2, (y1 + y2) / 2, z])
        edges, _ = painter.camera.project(middle + np.array([[side, along, 0.0], [-side, -along, 0.0]]))
        wide = float(np.linalg.norm(edges[0] - edges[1]))
        corners = slab(min(x1, x2) - side, min(y1, y2) - along, max(x1, x2) + side, max(y1, y2) + along, z)
        painter.area(corners, colour, float(np.clip((wide + 0.15) / (wide + 0.9), 0.4, 1.0)))


def _spotlight(painter: Painter, court: Court, rng: np.random.Generator) -> None:
    """Darken the picture softly away from the court: lamps hang above it."""
    height, width = painter.picture.shape[:2]
    middle, _ = painter.camera.project(np.array([rng.normal(0, 0.6), rng.normal(0, 0.15 * court.length), 0.0]))
    x = (np.arange(width, dtype=np.float32) - middle[0]) / width
    y = (np.arange(height, dtype=np.float32) - middle[1]) / height
    away = (x[None] ** 2 + y[:, None] ** 2) / rng.uniform(0.3, 1.2) ** 2
    least = rng.uniform(0.45, 1.0)
    light = (least + (1 - least) * np.exp(-away)).astype(np.float32)
    painter.picture[:] = (painter.picture * light[..., None]).astype(np.uint8)
