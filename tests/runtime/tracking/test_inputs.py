"""Detections and warps become one float64 array, or a clear sentence."""

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.inputs import as_rows, as_warp


@pytest.mark.parametrize("empty", [[], (), np.zeros(0), np.zeros((0, 6), np.int32)])
def test_nothing_is_six_columns(empty):
    assert as_rows(empty).shape == (0, 6)


def test_rows_are_the_callers_numbers_but_not_its_memory():
    given = np.array([[1, 2, 3, 4, 1, 0]])
    rows = as_rows(given)
    assert rows.dtype == np.float64
    assert rows.flags.carray
    assert not np.shares_memory(rows, given)


def test_booleans_are_no_boxes():
    with pytest.raises(TrackerError, match="detections of type bool are not numbers"):
        as_rows(np.zeros((1, 6), bool))


def test_a_warp_is_two_by_three():
    assert as_warp([[1, 0, 5], [0, 1, 6]]).tolist() == [[1, 0, 5], [0, 1, 6]]
    with pytest.raises(TrackerError, match="must be a finite"):
        as_warp(np.eye(2))
