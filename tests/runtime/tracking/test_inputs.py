"""Detections and warps become one float64 array, or a clear sentence."""

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking import BallTracker, Tracker
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


NOTHING = [
    [],
    [[]],
    (),
    np.empty((0, 5)),
    np.empty((0, 0)),
    np.empty((0, 7)),
    np.empty((0, 4), np.float32),
    np.zeros(0),
]


@pytest.mark.parametrize("empty", NOTHING)
def test_however_people_say_that_nothing_was_found(empty):
    tracker, balls = Tracker(), BallTracker()
    for _ in range(3):
        tracker.update([[10.0, 20, 60, 120, 0.9, 0]])
        balls.update([[10.0, 20, 11, 20, 0.9, 0]])
    assert tracker.update(empty).shape == balls.update(empty).shape == (0, 8)
    assert tracker.update([[10.0, 20, 60, 120, 0.9, 0]])[0, 4] == 1
    assert Tracker().update(empty).shape[0] == 0


@pytest.mark.parametrize("empty", NOTHING)
def test_also_where_boxes_are_rotated(empty):
    tracker = Tracker()
    tracker.update([[50, 50, 20, 10, 0.1, 0.9, 0]])
    assert tracker.update(empty).shape == (0, 9)


@pytest.mark.parametrize("wrong", [np.empty((3, 0)), np.empty((0, 2, 6)), np.ones((1, 5))])
def test_rows_without_columns_are_something_else(wrong):
    for refuse in (Tracker().update, BallTracker().update):
        with pytest.raises(TrackerError, match="cannot be read"):
            refuse(wrong)
