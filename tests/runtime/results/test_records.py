"""Records are cut as a whole, and have the same dtype and rank even when empty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.results import BallRecords, Detections

FIELDS = {"xyxy": (np.float32, 2), "conf": (np.float32, 1), "cls": (np.int64, 1), "keypoints": (np.float32, 3)}
BALL_FIELDS = {"xy": (np.float32, 2), "next_xy": (np.float32, 2), "conf": (np.float32, 1), "cls": (np.int64, 1)}


def numbered(count):
    """Make detections in which every value of row i says i."""
    numbers = np.arange(count)
    boxes, points = np.tile(numbers[:, None], 4), np.tile(numbers[:, None, None], (1, 17, 3))
    return Detections.of(boxes, numbers, numbers, points).with_ids(numbers)


@pytest.mark.parametrize(
    "found",
    [
        Detections.empty(),
        Detections.empty(17),
        Detections.of([], [], []),
        Detections.of([[1, 2, 3, 4]], [0.5], [1.0]),
        numbered(3),
        numbered(3).select([]),
        numbered(3).select(slice(0, 0)),
        numbered(3).select(np.zeros(3, bool)),
        numbered(3).select(1),
        numbered(0).with_boxes(np.zeros((0, 4)), np.zeros((0, 17, 3))),
        numbered(0).with_blank(),
        numbered(3).with_blank(),
    ],
)
def test_dtype_and_rank_never_change(found):
    for name, (dtype, rank) in FIELDS.items():
        array = getattr(found, name)
        assert (array.dtype, array.ndim, len(array)) == (dtype, rank, len(found)), name
    assert (found.id.dtype, found.id.shape) == (np.int64, (len(found),))
    assert found.xyxy.shape == (len(found), 4)
    assert found.rows().shape == (len(found), 6)
    assert found.rows().dtype == np.float64


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 12), st.data())
def test_a_cut_takes_every_field_of_the_same_rows(count, data):
    index = data.draw(
        st.one_of(
            st.integers(-count, count - 1),
            st.lists(st.integers(0, count - 1), max_size=6),
            st.lists(st.booleans(), min_size=count, max_size=count).map(np.array),
            st.slices(count),
        )
    )
    where = np.asarray(index, int) if isinstance(index, list) else index
    wanted = np.atleast_1d(np.arange(count)[where]).tolist()
    cut = numbered(count).select(where)
    assert cut.id.tolist() == cut.cls.tolist() == cut.conf.tolist() == wanted
    assert cut.xyxy[:, 0].tolist() == cut.keypoints[:, 16, 2].tolist() == wanted


def test_a_blank_is_the_last_and_stands_for_minus_one():
    found = replace(numbered(3), features=np.ones((3, 4), np.float32), rescued=np.ones(3, bool))
    chosen = found.with_blank().select([1, -1, 0])
    assert chosen.id.tolist() == [1, -1, 0]
    assert chosen.xyxy[:, 0].tolist() == chosen.keypoints[:, 16, 2].tolist() == chosen.conf.tolist() == [1, 0, 0]
    assert chosen.features[:, 0].tolist() == chosen.rescued.tolist() == [1, 0, 1]


def test_detections_are_untracked_at_first():
    assert Detections.of([[0, 0, 1, 1]], [0.5], [0]).id.tolist() == [-1]


def test_rows_are_what_the_tracker_takes():
    found = Detections.of([[1, 2, 3, 4]], [0.5], [7])
    assert found.rows().tolist() == [[1, 2, 3, 4, 0.5, 7]]


def test_moved_boxes_keep_the_rest():
    moved = numbered(2).with_boxes(np.ones((2, 4)), np.full((2, 17, 3), 5))
    assert moved.id.tolist() == [0, 1]
    assert (moved.xyxy == 1).all()
    assert (moved.keypoints == 5).all()


@pytest.mark.parametrize("arrays", [([[1, 2, 3, 4]], [0.5, 0.6], [1]), ([[1, 2, 3, 4]], [0.5], [1, 2])])
def test_arrays_of_different_length_are_no_records(arrays):
    with pytest.raises(ValueError, match="reshape"):
        Detections.of(*arrays)


@pytest.mark.parametrize("balls", [BallRecords.empty(), BallRecords.of([[1, 2, 3, 4, 0.5, 0]]), BallRecords.of([])])
def test_balls_have_one_dtype_and_rank(balls):
    for name, (dtype, rank) in BALL_FIELDS.items():
        array = getattr(balls, name)
        assert (array.dtype, array.ndim, len(array)) == (dtype, rank, len(balls)), name
    assert (balls.id.dtype, balls.id.shape) == (np.int64, (len(balls),))


def test_balls_are_cut_whole():
    balls = BallRecords.of([[i, i, 10 + i, 10 + i, i / 10, 0] for i in range(4)])
    cut = balls.select([3, 1])
    assert cut.xy[:, 0].tolist() == [3, 1]
    assert cut.next_xy[:, 1].tolist() == [13, 11]
    assert cut.conf.tolist() == [np.float32(0.3), np.float32(0.1)]


def test_balls_give_back_their_rows():
    rows = np.array([[1, 2, 3, 4, 0.5, 0], [10.25, 20, 11, 21, 0.75, 1]])
    given = BallRecords.of(rows).rows()
    assert given.dtype == np.float64
    np.testing.assert_array_equal(given, rows)
    assert BallRecords.empty().rows().shape == (0, 6)


def test_features_are_cut_with_their_records():
    found = Detections.of(np.zeros((3, 4)), [0.9, 0.8, 0.7], [0, 1, 0], features=np.eye(3, 5))
    assert (found.features.dtype, found.features.shape) == (np.float32, (3, 5))
    cut = found.select([2, 0]).with_ids([7, 8]).with_boxes(np.ones((2, 4)), np.zeros((2, 0, 3)))
    np.testing.assert_array_equal(cut.features, np.eye(3, 5)[[2, 0]])
    assert found.select([]).features.shape == (0, 5)
    assert numbered(3).features is None
    assert numbered(3).select([1]).features is None
    with pytest.raises(ValueError, match="cannot reshape"):
        Detections.of(np.zeros((3, 4)), [0, 0, 0], [0, 0, 0], features=np.eye(2, 5))
