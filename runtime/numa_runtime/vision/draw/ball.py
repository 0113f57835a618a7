"""Balls, their trails and those of boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import hypot, isfinite
from typing import Any

from numpy.typing import NDArray

from numa_runtime.results import BallRecords
from numa_runtime.vision.draw.label import draw_label, label_size, place
from numa_runtime.vision.draw.palette import BALL, TAIL, Color, mixed
from numa_runtime.vision.draw.trails import Spot, Trails
from numa_runtime.vision.opencv import import_cv2
from numa_runtime.vision.style import Weights

cv2 = import_cv2()

_SHIFT = 3
_OUTLINE = (25, 25, 25)
_LONGEST_GAP = 4
"""Frames without the object that a trail still bridges."""
_FARTHEST = 0.25
"""A step longer than this part of the frame's width, per frame, is another object and not a way."""


def draw_ball_trails(image: NDArray[Any], trails: Trails, line: int) -> None:
    """Draw the trail of every ball: thin and dark where it is old."""
    for _, path in trails.balls.paths():
        for old, new in _segments(path, image.shape):
            age = trails.age(new, trails.balls)
            width = max(1, round(line * 1.5 * (1 - age)))
            cv2.line(image, _at(old.x, old.y), _at(new.x, new.y), mixed(BALL, TAIL, age), width, cv2.LINE_AA, _SHIFT)


def draw_box_trails(image: NDArray[Any], trails: Trails, color_by_id: Mapping[int, Color], line: int) -> None:
    """Draw where the boxes that are there have stood, in their colours, thin where it is long ago."""
    for track, path in trails.boxes.paths():
        color = color_by_id.get(track)
        for old, new in _segments(path, image.shape) if color is not None else ():
            width = max(1, round(line * (1 - trails.age(new, trails.boxes))))
            cv2.line(image, _at(old.x, old.y), _at(new.x, new.y), color, width, cv2.LINE_AA, _SHIFT)


def _segments(path: list[Spot], shape: tuple[int, ...]) -> Iterator[tuple[Spot, Spot]]:
    """Yield the steps of a path that can be drawn and belong together."""
    reach = _FARTHEST * shape[1]
    for old, new in pairwise(path):
        if _drawable(old.x, old.y, shape) and _drawable(new.x, new.y, shape) and _joined(old, new, reach):
            yield old, new


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
            text, corner = f"#{track}", (left, top, left + 2 * reach, top + 2 * reach)
            where = place(corner, label_size(text, weights), image.shape, weights.line)
            draw_label(image, where, text, BALL, weights)


def _drawable(x: float, y: float, shape: tuple[int, ...]) -> bool:
    return isfinite(x) and isfinite(y) and abs(x) < 2 * shape[1] and abs(y) < 2 * shape[0]


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * (1 << _SHIFT)), round(y * (1 << _SHIFT))
