"""The court from above, in a corner of the picture: players by id, the ball with its way and its speed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results.court import CourtView, Place
from numa_runtime.vision.draw.palette import BALL, TAIL, Color, mixed
from numa_runtime.vision.opencv import import_cv2
from numa_runtime.vision.style import Weights

cv2 = import_cv2()

_HEIGHT = 0.42
"""Of the frame, that the map takes at most; its width is a quarter of the frame's at most."""
_WIDEST = 0.25
_MARGIN = 0.15
"""Around the court, as a share of its length."""
_FLOOR, _LINES, _TEXT = (70, 82, 44), (225, 225, 225), (255, 255, 255)
_SHADE = 0.75
"""How much of the map covers the picture."""
_SHIFT = 3


class _Sheet:
    """Metres as pixels of the map in the right upper corner of an image."""

    def __init__(self, image: NDArray[Any], view: CourtView, weights: Weights) -> None:
        plan, (height, width) = view.plan, image.shape[:2]
        self.margin = _MARGIN * plan.length
        across, along = plan.width + 2 * self.margin, plan.length + 2 * self.margin
        self.scale = min(_HEIGHT * height / along, _WIDEST * width / across)
        self.width, self.height = round(across * self.scale), round(along * self.scale)
        self.left, self.top = width - self.width - 2 * weights.line, 2 * weights.line

    def at(self, place: Place) -> tuple[int, int]:
        """Return the pixel of a place, in eighths."""
        unit = 1 << _SHIFT
        x, y = (self.margin + value for value in place)
        return round((self.left + x * self.scale) * unit), round((self.top + y * self.scale) * unit)

    def shows(self, place: Place, view: CourtView) -> bool:
        """Whether a place lies on the map."""
        x, y = place
        low = -self.margin
        return low <= x <= view.plan.width + self.margin and low <= y <= view.plan.length + self.margin


def draw_court_map(image: NDArray[Any], view: CourtView, colors: Mapping[int, Color], weights: Weights) -> None:
    """Draw the map onto a picture, uint8 (h, w, 3) BGR.

    Args:
        image: is drawn on.
        view: the frame from above.
        colors: of the players, by id.
        weights: of lines and text.
    """
    sheet = _Sheet(image, view, weights)
    if min(sheet.width, sheet.height) < 16:
        return
    part = image[sheet.top : sheet.top + sheet.height, sheet.left : sheet.left + sheet.width]
    part[:] = part * (1 - _SHADE) + np.array(_FLOOR) * _SHADE
    for x1, y1, x2, y2 in view.plan.lines:
        cv2.line(image, sheet.at((x1, y1)), sheet.at((x2, y2)), _LINES, 1, cv2.LINE_AA, _SHIFT)
    radius = max(3, round(1.6 * weights.line))
    for spot in view.players:
        if sheet.shows(spot.place, view):
            _disc(image, sheet.at(spot.place), radius, colors.get(spot.id, _TEXT))
    _ball(image, sheet, view, weights)


def _ball(image: NDArray[Any], sheet: _Sheet, view: CourtView, weights: Weights) -> None:
    if view.ball is None:
        return
    way = [*view.trail, view.ball.place]
    for number, (old, new) in enumerate(pairwise(way)):
        if sheet.shows(old, view) and sheet.shows(new, view):
            color = mixed(BALL, TAIL, 1 - (number + 1) / len(way))
            cv2.line(image, sheet.at(old), sheet.at(new), color, max(1, weights.line // 2), cv2.LINE_AA, _SHIFT)
    if sheet.shows(view.ball.place, view):
        _disc(image, sheet.at(view.ball.place), max(2, weights.line), BALL)
    if view.ball.speed is not None:
        text = f"{3.6 * view.ball.speed:.0f} km/h"
        where = (sheet.left + weights.pad, sheet.top + sheet.height - weights.pad)
        cv2.putText(image, text, where, cv2.FONT_HERSHEY_SIMPLEX, weights.text, _TEXT, weights.stroke, cv2.LINE_AA)


def _disc(image: NDArray[Any], at: tuple[int, int], radius: int, color: Color) -> None:
    unit = 1 << _SHIFT
    cv2.circle(image, at, (radius + 1) * unit, (25, 25, 25), -1, cv2.LINE_AA, _SHIFT)
    cv2.circle(image, at, radius * unit, color, -1, cv2.LINE_AA, _SHIFT)
