"""What stands still: floor, lines, net, walls and all that is on them, painted once, larger than the picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.sports import Court

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

MARGIN = 0.15
"""How far the canvas reaches beyond the picture on each side, as a share; cameras that turn see it."""

_SHIFT = 4  # OpenCV's fixed-point digits
_WORDS = ("SPORT", "OPEN", "CUP", "2024", "ENERGY", "AIR", "BANK", "LIVE", "WORLD TOUR", "PRO")


@dataclass(frozen=True, slots=True)
class Canvas:
    """A painted background: uint8 (H, W, 3) BGR, and where the picture's (0, 0) lies in it."""

    picture: Picture
    offset: tuple[float, float]

    def seen_by(self, camera: Camera, painter: Camera) -> Picture:
        """Return what a camera, turned from the one it was painted for, sees of it."""
        height, width = camera.size
        homography = camera.from_picture_of(painter, self.offset)
        seen = cv2.warpPerspective(
            self.picture, homography, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        return np.asarray(seen, np.uint8)


def paint_court(court: Court, camera: Camera, rng: np.random.Generator) -> Canvas:
    """Paint everything that stands still, as `camera` sees it."""
    height, width = camera.size
    offset = (round(MARGIN * width), round(MARGIN * height))
    shape = (height + 2 * offset[1], width + 2 * offset[0])
    picture = _texture(shape, rng, coarse=int(rng.integers(2, 7)), contrast=rng.uniform(5, 45))
    horizon = _horizon(camera, court) + offset[1]
    _walls(picture, horizon, rng)
    painter = _Painter(picture, camera, offset)
    _floor(painter, court, rng)
    _clutter(picture, horizon, rng)
    return Canvas(picture, (float(offset[0]), float(offset[1])))


class _Painter:
    """Paints places in metres onto a canvas."""

    def __init__(self, picture: Picture, camera: Camera, offset: tuple[int, int]) -> None:
        self.picture, self.camera, self.offset = picture, camera, np.array(offset, float)

    def area(self, corners: Array, colour: Array, alpha: float = 1.0) -> None:
        """Fill a polygon of corners (n, 3)."""
        pixels = self._pixels(corners)
        if pixels is None:
            return
        painted = self.picture if alpha == 1.0 else self.picture.copy()
        cv2.fillPoly(painted, [pixels], colour.tolist(), cv2.LINE_AA, _SHIFT)
        if alpha < 1.0:
            cv2.addWeighted(painted, alpha, self.picture, 1 - alpha, 0, dst=self.picture)

    def _pixels(self, corners: Array) -> NDArray[np.int32] | None:
        pixels, depth = self.camera.project(corners)
        if (depth < 0.2).all():
            return None
        fixed: NDArray[np.int32] = np.clip((pixels + self.offset) * 2**_SHIFT, -(2**24), 2**24).round().astype(np.int32)
        return fixed


def _floor(painter: _Painter, court: Court, rng: np.random.Generator) -> None:
    half_width, half_length, z = court.width / 2, court.length / 2, court.surface
    outer, inner = _colour(rng, 30, 200), _colour(rng, 30, 200)
    around = rng.uniform(1.0, 3.0)
    if not court.surface:
        painter.area(
            _slab(-half_width - around, -half_length - around, half_width + around, half_length + around, 0), outer
        )
    painter.area(_slab(-half_width, -half_length, half_width, half_length, z), inner)
    if rng.random() < 0.3 and not court.surface:  # mown or laid in stripes
        edges = np.linspace(-half_length, half_length, 2 * int(rng.integers(4, 9)) + 1)
        for low, high in zip(edges[::2], edges[1::2], strict=False):
            painter.area(_slab(-half_width, low, half_width, high, z), np.clip(inner + 14, 0, 255), 0.5)
    broad = 0.05 if court.surface == 0 else 0.02
    colour = np.full(3, rng.uniform(170, 255)) + rng.normal(0, 6, 3)
    for line in court.lines:
        x1, y1, x2, y2 = np.array(line) * [half_width, half_length, half_width, half_length]
        side = broad / 2 if abs(x1 - x2) < abs(y1 - y2) else 0.0
        along = broad / 2 if side == 0 else 0.0
        painter.area(_slab(min(x1, x2) - side, min(y1, y2) - along, max(x1, x2) + side, max(y1, y2) + along, z), colour)


def paint_net(picture: Picture, camera: Camera, court: Court, shade: Array, alpha: float) -> None:
    """Paint the net over what stands behind it: a veil with a bright tape, and its posts."""
    half, low = court.width / 2 + 0.1, court.surface + (0.05 if court.net < 2 else court.net - 1.0)
    if court.surface == 0 and court.net > 1.2 and court.net < 2:
        low = court.net - 0.76
    corners = np.array([[-half, 0, low], [half, 0, low], [half, 0, court.net], [-half, 0, court.net]])
    veil = picture.copy()
    painter = _Painter(veil, camera, (0, 0))
    painter.area(corners, shade)
    cv2.addWeighted(veil, alpha, picture, 1 - alpha, 0, dst=picture)
    painter = _Painter(picture, camera, (0, 0))
    tape = corners.copy()
    tape[:2, 2] = court.net - (0.06 if court.surface == 0 else 0.015)
    painter.area(tape, np.clip(shade + 150, 0, 250))
    if court.surface == 0:
        for x in (-half, half):
            post = np.array([[x - 0.03, 0, 0], [x + 0.03, 0, 0], [x + 0.03, 0, court.net], [x - 0.03, 0, court.net]])
            painter.area(post, shade)


def _slab(x1: float, y1: float, x2: float, y2: float, z: float) -> Array:
    return np.array([[x1, y1, z], [x2, y1, z], [x2, y2, z], [x1, y2, z]])


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
            picture, str(rng.choice(_WORDS)), (x + 3, y + h - 4), cv2.FONT_HERSHEY_SIMPLEX, h / 30,
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
    """Paint what looks like balls and is none: lamps, dots, letters, reflections; mostly above the floor."""
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
