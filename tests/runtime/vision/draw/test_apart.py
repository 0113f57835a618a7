"""Labels of a crowd."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.vision.draw.apart import places_apart
from numa_runtime.vision.draw.label import place

SHAPE = (480, 640, 3)


def overlap(one, two, size):
    sides = [min(a, b) + s - max(a, b) for a, b, s in zip(one, two, size, strict=True)]
    return max(sides[0], 0) * max(sides[1], 0)


def test_a_label_alone_lies_where_it_always_did():
    corner, size = (100, 100, 200, 300), (90, 18)
    assert places_apart([corner], [size], SHAPE, 2) == [place(corner, size, SHAPE, 2)]
    assert places_apart([], [], SHAPE, 2) == []


def test_the_labels_of_a_crowd_do_not_cover_each_other():
    size = (90, 18)
    corners = [(200 + 12 * k, 150 + 3 * k, 260 + 12 * k, 300 + 3 * k) for k in range(8)]
    alone = [place(corner, size, SHAPE, 2) for corner in corners]
    apart = places_apart(corners, [size] * 8, SHAPE, 2)
    assert sum(overlap(a, b, size) for a, b in combinations(alone, 2)) > 0
    assert sum(overlap(a, b, size) for a, b in combinations(apart, 2)) == 0
    assert apart[0] == alone[0], "the first one chooses first"


def test_a_moved_label_stays_near_its_box():
    corners = [(300, 200, 360, 330)] * 12
    for left, top in places_apart(corners, [(90, 18)] * 12, SHAPE, 2):
        assert 200 - 5 * 18 <= top <= 330 + 5 * 18
        assert 300 - 92 <= left <= 362


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_labels_lie_inside_the_picture_and_cover_less_than_before(seed, count):
    rng = np.random.default_rng(seed)
    low = rng.integers(0, (600, 440), (count, 2))
    corners = [(x, y, x + 30, y + 60) for x, y in low.tolist()]
    size = (int(rng.integers(20, 120)), 18)
    apart = places_apart(corners, [size] * count, SHAPE, 2)
    assert all(0 <= left <= 640 - size[0] and 0 <= top <= 480 - size[1] for left, top in apart)
    alone = [place(corner, size, SHAPE, 2) for corner in corners]
    covered = [sum(overlap(a, b, size) for a, b in combinations(places, 2)) for places in (apart, alone)]
    assert covered[0] <= covered[1]
