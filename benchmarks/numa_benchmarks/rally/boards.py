"""Letters of sponsors that never were: on boards around the court, on its floor, on what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.painter import Painter

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX)
_STARTS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "tr", "kl", "br", "st")
_VOWELS = ("a", "e", "i", "o", "u", "y", "ea", "oo")
_ENDS = ("", "n", "r", "x", "l", "s", "k", "mp")
_LEAST, _MOST = 10, 96
"""Pixels of a mask's height."""


def word(rng: np.random.Generator) -> str:
    """Return a word that means nothing."""
    syllables = int(rng.integers(2, 4))
    text = "".join(str(rng.choice(_STARTS)) + str(rng.choice(_VOWELS)) for _ in range(syllables)) + str(
        rng.choice(_ENDS)
    )
    return text.upper() if rng.random() < 0.75 else text.title()


def lettering(height: float, aspect: float, rng: np.random.Generator) -> Picture:
    """Return a mask uint8 (h, w), 255 where there are letters or a logo.

    Args:
        height: of the place it goes to, pixels: the mask is that fine, and no finer.
        aspect: width over height of the place.
        rng: which word, which letters, which logo.
    """
    rows = int(np.clip(1.5 * height, _LEAST, _MOST))
    columns = int(np.clip(rows * aspect, 8, 1024))
    mask = np.zeros((rows, columns), np.uint8)
    left = 0.1 * rows
    if rng.random() < 0.6 and aspect > 2:
        _logo(mask, left + 0.4 * rows, 0.36 * rows, rng)
        left += rows
    text, font = word(rng), _FONTS[int(rng.integers(len(_FONTS)))]
    (wide, tall), _ = cv2.getTextSize(text, font, 1.0, 1)
    scale = min(rng.uniform(0.4, 0.7) * rows / tall, (columns - left - 0.1 * rows) / max(wide, 1))
    if scale > 0.05:
        free = max(0.0, columns - left - 0.1 * rows - scale * wide)
        place = (int(left + rng.uniform(0.2, 0.8) * free), int((rows + scale * tall) / 2))
        stroke = max(1, round(scale * rng.uniform(1.5, 4.5)))
        cv2.putText(mask, text, place, font, scale, 255, stroke, cv2.LINE_AA)
    return mask


def _logo(mask: Picture, x: float, radius: float, rng: np.random.Generator) -> None:
    """Paint an oval, a ring, a wedge pair or a fan around x, in the middle of the height."""
    middle, kind = (int(x), mask.shape[0] // 2), int(rng.integers(4))
    if kind < 2:
        axes = (max(1, int(radius)), max(1, int(radius * rng.uniform(0.5, 1))))
        cv2.ellipse(mask, middle, axes, 0, 0, 360, 255, -1 if kind else max(1, int(0.3 * radius)), cv2.LINE_AA)
    elif kind == 2:
        for way in (-1, 1):
            wedge = np.array([[way * radius, -0.7 * radius], [way * radius, 0.7 * radius], [0.1 * way * radius, 0]])
            cv2.fillPoly(mask, [(wedge + middle).round().astype(np.int32)], 255, cv2.LINE_AA)
    else:
        for start in range(0, 360, 60):
            cv2.ellipse(mask, middle, (int(radius), int(radius)), 0, start, start + 38, 255, -1, cv2.LINE_AA)


@dataclass(frozen=True, slots=True)
class Campaign:
    """The colours of an event's boards, BGR: a few grounds, each with the colour of its letters."""

    grounds: tuple[Array, ...]
    inks: tuple[Array, ...]

    @classmethod
    def chosen(cls, rng: np.random.Generator) -> Campaign:
        """Return colours by chance: mostly bright letters on colour or black, some dark ones on white."""
        dim = rng.uniform(0.45, 1.0)
        grounds, inks = [], []
        for _ in range(int(rng.integers(1, 4))):
            kind = rng.random()
            if kind < 0.15:
                ground, ink = np.full(3, rng.uniform(150, 245)), rng.uniform(0, 120, 3)
            else:
                dark = kind < 0.4
                ground = rng.uniform(3, 35, 3) if dark else rng.uniform(15, 190) * rng.uniform(0.1, 1.0, 3)
                ink = np.full(3, rng.uniform(190, 255)) * rng.uniform(0.85, 1.0, 3)
            grounds.append(dim * ground)
            inks.append(dim * ink)
        return cls(tuple(grounds), tuple(inks))

    def board(self, painter: Painter, corners: Array, rng: np.random.Generator, shade: float = 1.0) -> None:
        """Paint one board onto corners (4, 3): top left, top right, bottom right, bottom left."""
        which = int(rng.integers(len(self.grounds)))
        painter.area(corners, shade * self.grounds[which])
        tall = painter.height_of(corners)
        aspect = float(np.linalg.norm(corners[1] - corners[0]) / np.linalg.norm(corners[3] - corners[0]))
        if tall > 3:
            painter.letters(corners, lettering(tall, aspect, rng), shade * self.inks[which])

    def row(self, painter: Painter, start: Array, end: Array, height: float, rng: np.random.Generator) -> None:
        """Paint boards one beside the other from `start` to `end`, (3,) each, seen from left to right."""
        length = float(np.linalg.norm(end - start))
        edges = [0.0]
        while edges[-1] < 1:
            edges.append(edges[-1] + rng.uniform(1.6, 4.5) / length)
        edges[-1] = 1.0
        up, shade = np.array([0.0, 0.0, height]), rng.uniform(0.75, 1.0)
        for left, right in pairwise(edges):
            a, b = start + (end - start) * left, start + (end - start) * right
            self.board(painter, np.stack([a + up, b + up, b, a]), rng, shade)


def letter_floor(painter: Painter, width: float, length: float, ink: Array, rng: np.random.Generator) -> None:
    """Paint words on the floor, to be read from the near side: behind the lines, beside them, in the middle."""
    places = [
        (0.0, -length / 2 - 0.9, 1.9, 0.55),
        (-0.27 * width, -length / 2 - 0.9, 1.9, 0.55),
        (0.0, length / 2 + 0.8, 2.4, 0.5),
        (rng.normal(0, 0.05) * width, -0.02 * length, 2.6, 0.9),
        (-width / 2 - 1.9, -0.2 * length, 2.0, 0.7),
        (width / 2 + 1.9, -0.2 * length, 2.0, 0.7),
    ]
    scale = width / 6.1
    for x, y, wide, deep in places:
        if rng.random() < 0.35:
            continue
        half = np.array([wide, deep]) * rng.uniform(0.7, 1.1) * scale / 2
        corners = np.array([[-1, 1], [1, 1], [1, -1], [-1, -1]]) * half + [x, y]
        corners = np.column_stack([corners, np.full(4, 0.0)])
        mask = lettering(2 * painter.height_of(corners), wide / deep, rng)
        painter.letters(corners, mask, ink, float(rng.uniform(0.5, 1.0)))
