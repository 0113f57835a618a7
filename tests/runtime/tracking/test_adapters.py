"""supervision in and out: what goes round comes back."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import MissingExtra, TrackerError
from numa_runtime.installing import pip_line
from numa_runtime.tracking import Tracker
from numa_runtime.tracking.adapters import corners, from_corners, to_supervision
from numa_runtime.tracking.inputs import as_rows

ROWS = np.array([[10, 20, 60, 120, 0.875, 0], [200, 30, 260, 150, 0.75, 2], [400, 30, 460, 150, 0.05, 1]], float)
ROTATED = np.array([[50, 50, 40, 20, 0.5, 0.875, 0], [300, 90, 30, 60, -1.2, 0.75, 2]], float)


def test_rows_become_detections_with_ids():
    pytest.importorskip("supervision")
    tracks = Tracker().update(ROWS)
    theirs = to_supervision(tracks, names={0: "person"})
    np.testing.assert_allclose(theirs.xyxy, ROWS[:2, :4], atol=1e-4)
    assert theirs.tracker_id.tolist() == [1, 2]
    assert theirs.class_id.tolist() == [0, 2]
    assert theirs.confidence.tolist() == [0.875, 0.75]
    assert theirs.data["class_name"].tolist() == ["person", "2"]
    assert theirs.data["index"].tolist() == [0, 1]
    assert (theirs.xyxy.dtype, theirs.tracker_id.dtype) == (np.float32, np.int64)


def test_there_and_back():
    pytest.importorskip("supervision")
    tracks = Tracker().update(ROWS)
    back = as_rows(to_supervision(tracks))
    np.testing.assert_allclose(back, tracks[:, [0, 1, 2, 3, 5, 6]], atol=1e-4)
    other = Tracker()
    assert other.update(to_supervision(tracks))[:, 4].tolist() == [1, 2]


def test_rotated_boxes_keep_their_angle_there_and_back():
    pytest.importorskip("supervision")
    tracks = Tracker().update(ROTATED)
    theirs = to_supervision(tracks)
    assert theirs.data["xyxyxyxy"].shape == (2, 4, 2)
    assert (theirs.data["xyxyxyxy"].min(axis=1) == theirs.xyxy[:, :2]).all()
    assert (theirs.data["xyxyxyxy"].max(axis=1) == theirs.xyxy[:, 2:]).all()
    again = Tracker().update(theirs)
    assert again.shape == (2, 9)
    np.testing.assert_allclose(again[:, :4], tracks[:, :4], atol=1e-3)
    np.testing.assert_allclose(np.sin(2 * again[:, 4]), np.sin(2 * tracks[:, 4]), atol=1e-4)


@settings(deadline=None, max_examples=100)
@given(
    st.tuples(*[st.floats(-1000, 1000)] * 2, *[st.floats(0.5, 500)] * 2, st.floats(-math.pi / 2 + 0.01, math.pi / 2))
)
def test_corners_are_exact(box):
    there = corners(np.array([box]))
    np.testing.assert_allclose(from_corners(there)[0], box, rtol=1e-9, atol=1e-9)
    sides = np.hypot(*np.diff(there[0], axis=0).T)
    np.testing.assert_allclose(sides, [box[2], box[3], box[2]], rtol=1e-9)


def test_corners_go_round_from_top_left():
    assert corners(np.array([[10.0, 20, 4, 2, 0]]))[0].tolist() == [[8, 19], [12, 19], [12, 21], [8, 21]]


def test_the_callers_own_detections_get_the_ids():
    supervision = pytest.importorskip("supervision")
    mine = supervision.Detections(
        xyxy=ROWS[:, :4],
        confidence=ROWS[:, 4],
        class_id=ROWS[:, 5].astype(int),
        mask=np.zeros((3, 4, 4), bool),
        data={"colour": np.array(["red", "green", "blue"])},
    )
    tracks = Tracker().update(mine)[::-1]
    chosen = to_supervision(tracks, detections=mine)
    assert chosen.data["colour"].tolist() == ["green", "red"]
    assert chosen.tracker_id.tolist() == [2, 1]
    assert chosen.mask.shape == (2, 4, 4)
    np.testing.assert_array_equal(chosen.xyxy, ROWS[[1, 0], :4])
    assert mine.tracker_id is None
    with pytest.raises(TrackerError) as error:
        to_supervision(tracks, detections=mine[:1])
    assert error.value.what == "track row 0 is of detection 1, but there are 1"


def test_a_track_without_a_detection_has_none_of_the_callers():
    supervision = pytest.importorskip("supervision")
    tracks = np.array([[0, 0, 9, 9, 4, 0.9, 0, -1], [10, 20, 60, 120, 7, 0.8, 0, 0]], float)
    mine = supervision.Detections(xyxy=ROWS[:2, :4], confidence=ROWS[:2, 4], class_id=np.zeros(2, int))
    chosen = to_supervision(tracks, detections=mine)
    assert (chosen.tracker_id.tolist(), chosen.xyxy.tolist()) == ([7], ROWS[:1, :4].tolist())
    assert to_supervision(tracks).data["index"].tolist() == [-1, 0]


@pytest.mark.parametrize("columns", [8, 9])
def test_nothing_stays_tracked(columns):
    pytest.importorskip("supervision")
    theirs = to_supervision(np.zeros((0, columns)))
    assert len(theirs) == 0
    assert theirs.tracker_id.shape == (0,)
    assert as_rows(theirs).shape == (0, 6)


def test_other_columns_are_refused():
    with pytest.raises(TrackerError, match=r"tracks of shape \(2, 6\) cannot be read"):
        to_supervision(np.zeros((2, 6)))


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "supervision", None)
    with pytest.raises(MissingExtra) as error:
        to_supervision(np.zeros((0, 8)))
    assert error.value.what == "supervision.Detections needs the package supervision, which is not installed"
    assert error.value.hint == pip_line("supervision")
