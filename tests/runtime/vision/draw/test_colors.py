"""Colours of objects that are seen together, and from frame to frame."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.vision.draw.colors import PATIENCE, Colors
from numa_runtime.vision.draw.palette import COLORS, color_of


def nearest(colors):
    """Return how far the two most alike colours are apart, in CIELAB."""
    lab = cv2.cvtColor(np.array([colors], np.float32) / 255, cv2.COLOR_BGR2LAB)[0]
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2))


@given(st.sets(st.integers(0, 10**6), min_size=20, max_size=20))
def test_any_twenty_ids_seen_together_can_be_told_apart(ids):
    assert nearest(Colors().of(sorted(ids))) > 17


def test_ids_whose_own_colour_is_the_same_can_be_told_apart_too():
    for ids in ([1, 21], [1, 257], [1, 25, 49, 73, 97], list(range(1, 20 * COLORS, COLORS)), [1, 145, 378, 988]):
        assert nearest(Colors().of(ids)) > 17, ids


def test_alone_an_id_has_its_own_colour_in_every_run():
    assert Colors().of([7, 3, 7]) == [color_of(7), color_of(3), color_of(7)]
    assert Colors().of([]) == []


def test_a_colour_stays_for_as_long_as_its_object_is_seen():
    colors = Colors()
    first = dict(zip([1, 25, 49], colors.of([1, 25, 49]), strict=True))
    for ids in ([25, 49], [49], [49, 2, 26], [1, 25, 49, 2, 26]):
        now = dict(zip(ids, colors.of(ids), strict=True))
        assert all(now[one] == first[one] for one in ids if one in first)
        assert len(set(now.values())) == len(ids)


def test_what_is_long_gone_leaves_its_colour_to_others():
    colors = Colors()
    colors.of([1])
    for _ in range(PATIENCE + 1):
        colors.of([])
    assert colors.of([25]) == [color_of(25)]


def test_more_objects_than_colours_share_them_evenly():
    dealt = Colors().of(list(range(0, 3 * COLORS * COLORS, COLORS)))
    counts = [dealt.count(color) for color in set(dealt)]
    assert (len(counts), set(counts)) == (COLORS, {3})
