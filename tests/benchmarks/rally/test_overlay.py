"""Panels stay where they are, for as long as they are there."""

import numpy as np
import pytest

from numa_benchmarks.rally.overlay import Overlay, choose_overlays

PANEL = np.full((4, 10, 3), 200, np.uint8)


def test_a_panel_is_there_in_its_time_and_covers_what_is_below():
    overlay = Overlay(PANEL, (5, 7), (1.0, 2.0))
    for time, there in ((0.5, False), (1.0, True), (2.0, True), (2.1, False)):
        picture = np.zeros((30, 40, 3), np.uint8)
        overlay.lay(picture, time)
        assert bool(picture[7:11, 5:15].all()) is there
        assert picture.astype(int).sum() == there * PANEL.astype(int).sum()


@pytest.mark.parametrize("size", [(64, 96), (65, 101), (288, 512), (720, 1280)])
def test_panels_lie_in_the_picture(size):
    found = [one for seed in range(30) for one in choose_overlays(size, np.random.default_rng(seed))]
    assert 15 < len(found) < 60
    for one in found:
        (x, y), (height, width) = one.corner, one.panel.shape[:2]
        assert x >= 0
        assert y >= 0
        assert x + width <= size[1]
        assert y + height <= size[0]


def test_the_seed_decides_the_panels():
    first, again = (choose_overlays((288, 512), np.random.default_rng(4)) for _ in range(2))
    assert [one.corner for one in first] == [one.corner for one in again]
    assert all(np.array_equal(a.panel, b.panel) for a, b in zip(first, again, strict=True))
