import sys

import numpy as np
import pytest

from numa_runtime.errors import MissingExtra
from numa_runtime.installing import pip_line
from numa_runtime.results import BallRecords, Detections, Results

FOUND = Detections.of([[1, 2, 30, 40], [5, 6, 70, 80]], [0.9, 0.5], [0, 3], np.ones((2, 17, 3)))


def result(found=FOUND, **fields):
    return Results((90, 120), {0: "person"}, found, **fields)


def test_untracked_results():
    pytest.importorskip("supervision")
    theirs = result().to_supervision()
    assert theirs.tracker_id is None
    assert theirs.class_id.tolist() == [0, 3]
    assert theirs.data["class_name"].tolist() == ["person", "3"]
    assert theirs.data["keypoints"].shape == (2, 17, 3)
    np.testing.assert_array_equal(theirs.xyxy, FOUND.xyxy)
    np.testing.assert_array_equal(theirs.confidence, FOUND.conf)


def test_tracked_results_have_ids_also_in_an_empty_frame():
    pytest.importorskip("supervision")
    assert result(FOUND.with_ids([4, 2])).to_supervision().tracker_id.tolist() == [4, 2]
    empty = result(Detections.empty(), speed={"track": 0.1}).to_supervision()
    assert empty.tracker_id.shape == (0,)
    assert len(empty) == 0
    assert "keypoints" not in empty.data


def test_parts_stay_whole():
    pytest.importorskip("supervision")
    theirs = result(FOUND.with_ids([4, 2])).to_supervision()[1:]
    assert theirs.tracker_id.tolist() == [2]
    assert theirs.data["keypoints"].shape == (1, 17, 3)


def test_balls_stay_behind():
    pytest.importorskip("supervision")
    assert len(result(ball_records=BallRecords.of([[1, 2, 3, 4, 0.5, 0]])).to_supervision()) == 2


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "supervision", None)
    with pytest.raises(MissingExtra) as error:
        result().to_supervision()
    assert error.value.hint == pip_line("supervision")
