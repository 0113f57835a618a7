"""A camera over a scene of real photographs: frames whose motion is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PHOTOS = ("astronaut", "coffee", "camera", "chelsea", "camera", "astronaut")
TILE = 420


@cache
def scene() -> np.ndarray:
    """uint8 (840, 1260, 3): the bundled photographs side by side."""
    tiles = []
    for name in PHOTOS:
        photo = cv2.imread(str(ROOT / "numa_deploy" / "assets" / "photos" / f"{name}.jpg"))
        tiles.append(cv2.resize(photo, (TILE, TILE), interpolation=cv2.INTER_CUBIC))
    return np.vstack([np.hstack(tiles[:3]), np.hstack(tiles[3:])])


def similarity(degrees: float, zoom: float, x: float, y: float, size: tuple[int, int]) -> np.ndarray:
    """A warp (2, 3) that turns and zooms around the middle of a (h, w) frame, then shifts."""
    warp = cv2.getRotationMatrix2D((size[1] / 2, size[0] / 2), degrees, zoom)
    warp[:, 2] += (x, y)
    return warp


def shot(warp: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The (h, w) frame seen after the camera moved what `similarity(0, 1, 0, 0)` shows by `warp`."""
    corner = [(scene().shape[1] - size[1]) / 2, (scene().shape[0] - size[0]) / 2]
    to_scene = np.vstack([np.column_stack([np.eye(2), corner]), [0, 0, 1]])
    matrix = to_scene @ np.linalg.inv(np.vstack([warp, [0, 0, 1]]))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(scene(), matrix[:2], size[::-1], flags=flags, borderMode=cv2.BORDER_REFLECT)


def corner_error(found: np.ndarray, true: np.ndarray, size: tuple[int, int]) -> float:
    """The largest distance, in pixels, between where two warps put a frame's corners."""
    height, width = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1.0]])
    return float(np.linalg.norm(corners @ found.T - corners @ true.T, axis=1).max())
