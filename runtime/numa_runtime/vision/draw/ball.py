"""Balls and their trails."""

from __future__ import annotations

from itertools import pairwise
from math import hypot, isfinite
from typing import Any

from numpy.typing import NDArray

from numa_runtime.results import BallRecords
from numa_runtime.vision.draw.label import draw_label
from numa_runtime.vision.draw.palette import BALL, TAIL, mixed
from numa_runtime.vision.draw.trails import Spot, Trails
from numa_runtime.vision.opencv import import_cv2
from numa_runtime.vision.style import Weights

cv2 = import_cv2()

_SHIFT = 3
_OUTLINE = (25, 25, 25)
_LONGEST_GAP = 4
"""Frames without a ball that a trail still bridges."""
_FARTHEST = 0.25
"""A step longer than this part of the frame's width, per frame, is another ball and not a flight."""


def draw_trails(image: NDArray[Any], trails: Trails, line: int) -> None:
    """Draw every trail: thin and dark where it is old."""
    reach = _FARTHEST * image.shape[1]
    for path in trails.paths:
        for old, new in pairwise(path):
            seen = _drawable(old.x, old.y, image.shape) and _drawable(new.x, new.y, image.shape)
            if seen and _joined(old, new, reach):
                age = trails.age(new)
                width = max(1, round(line * 1.5 * (1 - age)))
                cv2.line(
                    image, _at(old.x, old.y), _at(new.x, new.y), mixed(BALL, TAIL, age), width, cv2.LINE_AA, _SHIFT
                )


def _joined(old: Spot, new: Spot, reach: float) -> bool:
    frames = new.frame - old.frame
    return frames <= _LONGEST_GAP and hypot(new.x - old.x, new.y - old.y) < reach * frames


def draw_balls(image: NDArray[Any], balls: BallRecords, line: int) -> None:
    """Draw each ball as an outlined disc with a fine line to where the network expects it next."""
    radius = (line + 2) * (1 << _SHIFT)
    for (x, y), (nx, ny) in zip(balls.xy.tolist(), balls.next_xy.tolist(), strict=True):
        if not _drawable(x, y, image.shape):
            continue
        if _drawable(nx, ny, image.shape):
            cv2.line(image, _at(x, y), _at(nx, ny), BALL, max(1, line // 2), cv2.LINE_AA, _SHIFT)
        cv2.circle(image, _at(x, y), radius + (1 << _SHIFT) * max(1, line // 2), _OUTLINE, -1, cv2.LINE_AA, _SHIFT)
        cv2.circle(image, _at(x, y), radius, BALL, -1, cv2.LINE_AA, _SHIFT)


def draw_ball_ids(image: NDArray[Any], balls: BallRecords, weights: Weights) -> None:
    """Write "#3" above each tracked ball."""
    reach = 2 * (weights.line + 2)
    for (x, y), track in zip(balls.xy.tolist(), balls.id.tolist(), strict=True):
        if track >= 0 and _drawable(x, y, image.shape):
            left, top = round(x) - reach, round(y) - reach
            draw_label(image, (left, top, left + 2 * reach, top + 2 * reach), f"#{track}", BALL, weights)


def _drawable(x: float, y: float, shape: tuple[int, ...]) -> bool:
    return isfinite(x) and isfinite(y) and abs(x) < 2 * shape[1] and abs(y) < 2 * shape[0]


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * (1 << _SHIFT)), round(y * (1 << _SHIFT))
