"""Colours: stable, and different where it matters."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np

from numa_runtime.vision.draw.palette import COLORS, color_of, text_on


def lab(color):
    pixel = np.array([[color]], np.float32) / 255
    return cv2.cvtColor(pixel, cv2.COLOR_BGR2LAB)[0, 0]


def test_any_two_colours_can_be_told_apart():
    colors = [lab(color_of(number)) for number in range(COLORS)]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(colors, 2)) > 17


def test_neighbours_are_well_apart():
    for start in range(0, 200, 5):
        colors = [lab(color_of(number)) for number in range(start, start + 8)]
        nearest = min(float(np.linalg.norm(a - b)) for a, b in combinations(colors, 2))
        assert nearest > 24, f"ids {start} to {start + 7}: two colours are {nearest:.1f} apart in CIELAB"


def test_colours_stay_the_same():
    assert color_of(1) == color_of(1)
    assert color_of(1 + COLORS) == color_of(1)
    assert all(0 <= part <= 255 for number in range(300) for part in color_of(number))


def test_text_is_readable_on_every_colour():
    for number in range(100):
        background = color_of(number)
        assert abs(lab(background)[0] - lab(text_on(background))[0]) > 35
