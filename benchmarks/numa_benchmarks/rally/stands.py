"""The hall around the court: dark stands, an audience that is hardly lit, lamps."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.camera import Camera

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

_SEAT, _TIER, _RISE = 0.6, 0.85, 0.42
"""Metres between neighbours, between rows, and from row to row upwards."""


def paint_stands(picture: Picture, camera: Camera, side: float, back: float, rng: np.random.Generator) -> None:
    """Paint the hall beyond the boards: all of the picture, dark.

    Args:
        picture: uint8 (H, W, 3) BGR, painted over.
        camera: what sees it.
        side: where the stands begin beside the court, metres from its middle.
        back: the same behind it.
        rng: how dark, how full.
    """
    height, width = picture.shape[:2]
    ground = rng.uniform(0, 16) if rng.random() < 0.8 else rng.uniform(16, 70)
    tint = rng.uniform(0.3, 1.2, 3)
    soft = cv2.resize(rng.uniform(0.3, 1.7, (4, 6)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    picture[:] = np.clip(soft[..., None] * (ground * tint), 0, 255).astype(np.uint8)
    light = float(rng.choice([6.0, 18.0, 35.0, 80.0], p=[0.25, 0.35, 0.3, 0.1]))
    seats = _rows(side, back, rng)
    seats = seats[rng.random(len(seats)) < rng.uniform(0.15, 0.9)]
    _audience(picture, camera, seats, light, rng)
    if rng.random() < 0.35:
        _lamps(picture, camera, side, back, rng)


def _rows(side: float, back: float, rng: np.random.Generator) -> Array:
    """Return the places (n, 3) of seats: rows behind the court and on both sides, with aisles."""
    tiers, start = int(rng.integers(5, 16)), rng.uniform(0.0, 1.0)
    across = np.arange(-side - 8, side + 8, _SEAT)
    across = across[(across + 40) % rng.uniform(5, 9) > 0.9]
    along = np.arange(-back, back + 3, _SEAT)
    along = along[(along + 40) % rng.uniform(5, 9) > 0.9]
    rows = []
    for tier in reversed(range(tiers)):
        away, up = 2.0 + tier * _TIER, start + tier * _RISE
        rows.append(np.column_stack([across, np.full(len(across), back + away), np.full(len(across), up)]))
    for sign in (-1, 1):
        for tier in reversed(range(min(tiers, 8))):
            away, up = 0.8 + tier * _TIER, tier * _RISE
            rows.append(np.column_stack([np.full(len(along), sign * (side + away)), along, np.full(len(along), up)]))
    seats = np.concatenate(rows)
    seats[:, :2] += rng.normal(0, 0.07, (len(seats), 2))
    return seats


def _audience(picture: Picture, camera: Camera, seats: Array, light: float, rng: np.random.Generator) -> None:
    """Paint people who sit: shoulders and a head each."""
    pixels, depth = camera.project(seats + np.array([0, 0, 1.15]))
    height, width = picture.shape[:2]
    inside = (depth > 2) & ((pixels > -5) & (pixels < [width + 5, height + 5])).all(1)
    pixels, unit = pixels[inside], camera.focal / depth[inside]
    clothes = rng.uniform(0.05, 1.0, (len(pixels), 1)) ** 2 * rng.uniform(0.5, 1.0, (len(pixels), 3)) * 2 * light
    skin = np.array([0.55, 0.75, 1.0]) * rng.uniform(0.4, 1.6, (len(pixels), 1)) * light
    for (x, y), scale, cloth, face in zip(pixels.tolist(), unit.tolist(), clothes.tolist(), skin.tolist(), strict=True):
        head = max(8, int(16 * 0.1 * scale))
        trunk = (max(8, int(16 * 0.21 * scale)), max(8, int(16 * 0.32 * scale)))
        at = (int(16 * x), int(16 * (y + 0.42 * scale)))
        cv2.ellipse(picture, at, trunk, 0, 0, 360, cloth, -1, cv2.LINE_AA, 4)
        cv2.circle(picture, (at[0], int(16 * y)), head, face, -1, cv2.LINE_AA, 4)


def _lamps(picture: Picture, camera: Camera, side: float, back: float, rng: np.random.Generator) -> None:
    """Paint small bright lights above and between the seats: they look like balls and are none."""
    count = int(rng.integers(1, 12))
    places = rng.uniform([-side - 6, back + 1, 0.5], [side + 6, back + 9, 7], (count, 3))
    pixels, depth = camera.project(places)
    for (x, y), away in zip(pixels.tolist(), depth.tolist(), strict=True):
        if away > 1:
            radius = max(8, int(16 * rng.uniform(0.02, 0.09) * camera.focal / away))
            shade = (rng.uniform(90, 255) * rng.uniform(0.8, 1, 3)).tolist()
            cv2.circle(picture, (int(16 * x), int(16 * y)), radius, shade, -1, cv2.LINE_AA, 4)
