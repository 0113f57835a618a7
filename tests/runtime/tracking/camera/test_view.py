"""Scaling a warp back is exact."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from numa_runtime.tracking.camera.view import scale_back, take_view


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 8),
    st.lists(st.floats(-2, 2), min_size=4, max_size=4),
    st.lists(st.floats(-50, 50), min_size=4, max_size=4),
)
def test_a_warp_between_views_moves_frames_alike(scale, turn, numbers):
    warp = np.column_stack([np.reshape(turn, (2, 2)), numbers[:2]])
    small = np.array(numbers[2:])
    large = scale * small + (scale - 1) / 2  # the middle of the pixels that the small one covers
    moved_small = warp @ [*small, 1]
    moved_large = scale_back(warp, scale) @ [*large, 1]
    assert_allclose(moved_large, scale * moved_small + (scale - 1) / 2, atol=1e-9)


def test_the_mask_hides_every_pixel_a_box_touches():
    view = take_view(np.zeros((40, 60), np.uint8), np.array([[9, 7, 21, 12.5]]), 2)
    hidden = np.argwhere(view.mask == 0)
    assert_array_equal(hidden.min(0), [3, 4])
    assert_array_equal(hidden.max(0), [6, 10])
    assert set(np.unique(view.mask)) == {0, 255}


def test_no_boxes_no_mask():
    for boxes in (None, np.zeros((0, 4)), []):
        assert take_view(np.zeros((40, 60), np.uint8), boxes, 2).mask is None
