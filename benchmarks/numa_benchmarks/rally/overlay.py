"""What a broadcaster lays over the picture: a scoreboard in a corner, a name at the bottom for a while."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.boards import word

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A panel that stays where it is in the picture, whatever the camera does.

    Attributes:
        panel: uint8 (h, w, 3) BGR.
        corner: (x, y) of its top left, pixels.
        seconds: from when until when it is there.
    """

    panel: Picture
    corner: tuple[int, int]
    seconds: tuple[float, float]

    def lay(self, picture: Picture, time: float) -> None:
        """Paint it over a frame at `time`."""
        if self.seconds[0] <= time <= self.seconds[1]:
            (x, y), (height, width) = self.corner, self.panel.shape[:2]
            picture[y : y + height, x : x + width] = self.panel


def choose_overlays(size: tuple[int, int], rng: np.random.Generator) -> list[Overlay]:
    """Return the panels of a scene: a scoreboard in three of four, sometimes a name."""
    height, width = size
    panels = []
    if rng.random() < 0.75:
        panel = _scoreboard(round(height * rng.uniform(0.05, 0.085)), round(width * rng.uniform(0.15, 0.24)), rng)
        left = rng.random() < 0.8
        x = round(width * rng.uniform(0.03, 0.2)) if left else width - panel.shape[1] - round(0.04 * width)
        y = round(height * rng.uniform(0.03, 0.09))
        panels.append(Overlay(panel, (x, y), (-1.0, float("inf"))))
    if rng.random() < 0.2:
        panel = _name(round(height * 0.05), round(width * rng.uniform(0.15, 0.25)), rng)
        x = round(rng.uniform(0.05, 0.95) * (width - panel.shape[1]))
        start = float(rng.uniform(-3, 3))
        panels.append(Overlay(panel, (x, round(height * 0.9)), (start, start + float(rng.uniform(1, 4)))))
    return panels


def _scoreboard(height: int, width: int, rng: np.random.Generator) -> Picture:
    """Return two rows, a name and points each."""
    ground = np.full(3, rng.uniform(120, 240)) if rng.random() < 0.6 else rng.uniform(10, 90, 3)
    panel = np.empty((max(8, height), max(24, width), 3), np.uint8)
    panel[:] = ground.astype(np.uint8)
    ink = 20.0 if ground.mean() > 110 else 235.0
    row, points = panel.shape[0] // 2, int(0.86 * panel.shape[1])
    panel[:, points:] = (0.35 * ground).astype(np.uint8)
    for line in (0, 1):
        panel[line * row + 1 : (line + 1) * row - 1, 2 : row + 2] = rng.integers(0, 255, 3)
        _write(panel, word(rng), (row + 5, (line + 1) * row - 2), row, points - row - 6, ink)
        _write(panel, str(int(rng.integers(0, 22))), (points + 2, (line + 1) * row - 2), row, panel.shape[1], 235.0)
    return panel


def _name(height: int, width: int, rng: np.random.Generator) -> Picture:
    panel = np.empty((max(6, height), max(24, width), 3), np.uint8)
    panel[:] = round(rng.uniform(100, 230))
    _write(panel, f"{word(rng)} {word(rng)}", (6, panel.shape[0] - 3), panel.shape[0], panel.shape[1] - 8, 20.0)
    return panel


def _write(panel: Picture, text: str, place: tuple[int, int], height: int, width: int, ink: float) -> None:
    """Write into a box `height` high and at most `width` wide."""
    (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 1)
    scale = min(0.75 * height / tall, width / wide)
    stroke = max(1, round(2.2 * scale))
    cv2.putText(panel, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (ink, ink, ink), stroke, cv2.LINE_AA)
