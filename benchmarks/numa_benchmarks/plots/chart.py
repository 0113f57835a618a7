"""A chart: lines, steps or bars over two axes with ticks, and a legend beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_runtime.files import atomic_path
from numa_runtime.sinks.images import encode_image

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]
Color = tuple[int, int, int]

WIDTH, HEIGHT = 900, 560
"""Pixels of a chart, its legend included."""

INK, GRID, PAPER = (50, 50, 50), (228, 228, 228), 255
MEAN: Color = (150, 40, 20)
"""The line of all classes together."""

FAINT: Color = (205, 205, 205)
"""One of many lines."""

_COLORS: tuple[Color, ...] = (
    (180, 119, 31), (14, 127, 255), (44, 160, 44), (40, 39, 214), (189, 103, 148),
    (75, 86, 140), (194, 119, 227), (127, 127, 127), (34, 189, 188), (207, 190, 23),
)  # fmt: skip
_LEFT, _TOP, _BOTTOM, _LEGEND = 62, 40, 50, 250
_FONT, _SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.42
_FRACTION = 4
"""Bits below the pixel that lines are placed with."""


def color_of(number: int) -> Color:
    """Return the colour of a line by its number; they repeat after ten."""
    return _COLORS[number % len(_COLORS)]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Attributes:
        name: in the legend; "" for none.
        xs: float64 (n,).
        ys: float64 (n,).
        color: BGR.
        width: pixels.
        filled: draw a bar from the floor to each point instead; bars of several series lie over each other, half clear.
    """

    name: str
    xs: Floats
    ys: Floats
    color: Color
    width: int = 1
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over two axes.

    Attributes:
        title: above.
        across: what the horizontal axis is.
        up: what the vertical axis is.
        lines: in their order; the last lies on top.
        right: end of the horizontal axis, which begins at 0.
        top: end of the vertical axis, which begins at 0.
        marks: parts that the vertical axis is divided into.
    """

    title: str
    across: str
    up: str
    lines: Sequence[Line]
    right: float = 1.0
    top: float = 1.0
    marks: int = 5

    def draw(self) -> Picture:
        """Return the chart, uint8 (HEIGHT, WIDTH, 3) BGR."""
        picture = np.full((HEIGHT, WIDTH, 3), PAPER, np.uint8)
        self._axes(picture)
        for line in self.lines:
            if line.filled:
                self._bars(picture, line)
            else:
                points = self._places(line.xs, line.ys)
                cv2.polylines(picture, [points], False, line.color, line.width, cv2.LINE_AA, _FRACTION)
        self._legend(picture)
        return picture

    def save(self, path: Path) -> Path:
        """Write the chart as a .png and return its path.

        Raises:
            SinkError: it cannot be written.
        """
        return save_picture(self.draw(), path)

    def _places(self, xs: Floats, ys: Floats) -> NDArray[np.int32]:
        """Return pixels (n, 2) with `_FRACTION` bits below the point."""
        across = _LEFT + np.clip(xs / self.right, 0, 1) * (WIDTH - _LEGEND - _LEFT)
        down = HEIGHT - _BOTTOM - np.clip(ys / self.top, 0, 1) * (HEIGHT - _BOTTOM - _TOP)
        return (np.stack([across, down], 1) * (1 << _FRACTION)).round().astype(np.int32)

    def _axes(self, picture: Picture) -> None:
        corners = self._places(np.array([0, self.right]), np.array([0, self.top])) >> _FRACTION
        (left, bottom), (right, top) = corners.tolist()
        for share in np.linspace(0, 1, 6).tolist():
            x = round(left + share * (right - left))
            cv2.line(picture, (x, top), (x, bottom), GRID, 1)
            write(picture, f"{share * self.right:.3g}", (x, bottom + 18), middle=True)
        for share in np.linspace(0, 1, self.marks + 1).tolist():
            y, said = round(bottom - share * (bottom - top)), f"{share * self.top:.3g}"
            cv2.line(picture, (left, y), (right, y), GRID, 1)
            write(picture, said, (left - 6 - text_width(said), y + 4))
        cv2.rectangle(picture, (left, top), (right, bottom), INK, 1)
        write(picture, self.title, (left, 24), size=0.55)
        write(picture, self.across, ((left + right) // 2, HEIGHT - 12), middle=True)
        upright = np.full((18, bottom - top, 3), PAPER, np.uint8)
        write(upright, self.up, ((bottom - top) // 2, 13), middle=True)
        picture[top:bottom, 2:20] = np.rot90(upright)

    def _bars(self, picture: Picture, line: Line) -> None:
        step = float(np.diff(line.xs).mean()) if len(line.xs) > 1 else self.right
        layer = picture.copy()
        tops = self._places(line.xs - step / 2, line.ys) >> _FRACTION
        floors = self._places(line.xs + step / 2, np.zeros(len(line.ys))) >> _FRACTION
        for one, other in zip(tops.tolist(), floors.tolist(), strict=True):
            if one[1] < other[1]:
                cv2.rectangle(layer, one, [other[0] - 1, other[1]], line.color, -1)
        cv2.addWeighted(layer, 0.6, picture, 0.4, 0, dst=picture)

    def _legend(self, picture: Picture) -> None:
        left, step = WIDTH - _LEGEND + 12, 18
        room = (HEIGHT - _TOP - _BOTTOM) // step
        named = [line for line in self.lines if line.name][::-1]
        shown = named if len(named) <= room else named[: room - 1]
        for number, line in enumerate(shown):
            y = _TOP + 8 + number * step
            cv2.line(picture, (left, y), (left + 18, y), line.color, max(2, line.width))
            write(picture, fitted(line.name, _LEGEND - 46), (left + 24, y + 4))
        if len(shown) < len(named):
            write(picture, f"and {len(named) - len(shown)} more", (left + 24, _TOP + 12 + len(shown) * step))


def save_picture(picture: Picture, path: Path) -> Path:
    """Write a picture as .png or .jpg, whole or not at all, and return its path.

    Raises:
        SinkError: it cannot be written.
    """
    with atomic_path(path) as part:
        part.write_bytes(encode_image(picture, path.suffix))
    return path


def text_width(text: str, size: float = _SIZE) -> int:
    """Return how many pixels wide a text is."""
    return int(cv2.getTextSize(plain(text), _FONT, size, 1)[0][0])


def fitted(text: str, room: int, size: float = _SIZE) -> str:
    """Return a text cut to `room` pixels, ".." where something was cut."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}..", size) > room:
        text = text[:-1]
    return f"{text}.."


def write(
    picture: Picture, text: str, place: tuple[int, int], *, middle: bool = False, size: float = _SIZE,
    color: Color = INK,
) -> None:  # fmt: skip
    """Write a text at its lower left corner, or centred there."""
    x, y = place
    cv2.putText(
        picture, plain(text), (x - text_width(text, size) // 2 if middle else x, y), _FONT, size, color, 1, cv2.LINE_AA
    )


def plain(text: str) -> str:
    """Return a text in the letters that OpenCV has."""
    return text.encode("ascii", "replace").decode()
