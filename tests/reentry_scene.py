"""A camera that turns away from somebody, towards somebody else, and back again: real photographs, side by side."""

from __future__ import annotations

import numpy as np
from moving_scene import TILE, scene

HOLD, TURN, AWAY = 8, 24, 16
"""Frames on the first person, frames that a turn takes, frames on the second."""


def frames() -> list[np.ndarray]:
    """uint8 (420, 420, 3) each: the astronaut, a cup on the way, the photographer, and back to the astronaut."""
    there = np.concatenate([np.zeros(HOLD), np.linspace(0, 2 * TILE, TURN), np.full(AWAY // 2, 2 * TILE)])
    path = np.concatenate([there, there[::-1]]).astype(int)
    return [np.ascontiguousarray(scene()[:TILE, x : x + TILE]) for x in path]
