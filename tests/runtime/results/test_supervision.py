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


@pytest.mark.parametrize("found", [FOUND, Detections.empty(), Detections.empty(17)])
@pytest.mark.parametrize("tracked", [False, True])
def test_the_line_of_every_supervision_tutorial(found, tracked):
    sv = pytest.importorskip("supervision")
    names = {0: "person", 3: "cup"}
    ours = Results((90, 120), names, found.with_ids(range(len(found))) if tracked else found)
    theirs = sv.Detections.from_ultralytics(ours)
    assert theirs.xyxy.tolist() == found.xyxy.tolist()
    assert theirs.class_id.tolist() == found.cls.tolist()
    assert theirs.confidence.tolist() == found.conf.tolist()
    assert theirs.tracker_id.tolist() == (list(range(len(found))) if tracked else [-1] * len(found))
    assert theirs.data["class_name"].tolist() == [names[kind] for kind in found.cls.tolist()]
    assert theirs.mask is None
    points = sv.KeyPoints.from_ultralytics(ours)
    assert len(points) == (len(found) if found.keypoints.shape[1] else 0)


def test_its_annotators_take_our_arrays():
    sv = pytest.importorskip("supervision")
    theirs = sv.Detections.from_ultralytics(Results((90, 120), {0: "a", 3: "b"}, FOUND.with_ids([1, 2])))
    picture = np.zeros((90, 120, 3), np.uint8)
    picture = sv.BoxAnnotator(color_lookup=sv.ColorLookup.TRACK).annotate(picture, theirs)
    assert sv.LabelAnnotator().annotate(picture, theirs[theirs.confidence > 0.6]).any()
    assert sv.TraceAnnotator().annotate(picture, theirs).any()
    zone = sv.LineZone(sv.Point(60, 0), sv.Point(60, 90))
    zone.trigger(theirs)
    merged = sv.Detections.merge([theirs, sv.Detections.empty()])
    assert merged.tracker_id.tolist() == [1, 2]


def test_what_other_tasks_find_is_none():
    assert (result().masks, result().probs, result().obb) == (None, None, None)
