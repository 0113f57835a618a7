"""Boxes, keypoints and balls under the names users know."""

from __future__ import annotations

import numpy as np
import pytest

from numa_runtime.results import Array, BallRecords, Balls, Boxes, Detections, Keypoints

SHAPE = (100, 200)
POINTS = np.array([[[20, 50, 0.9], [0, 0, 0.1]], [[200, 100, 1], [100, 25, 1]]])
FOUND = Detections.of([[20, 10, 60, 30], [0, 0, 200, 100]], [0.75, 0.5], [1, 0], POINTS)


def test_forms_of_a_box():
    boxes = Boxes(FOUND, SHAPE)
    assert boxes.xyxy.tolist() == [[20, 10, 60, 30], [0, 0, 200, 100]]
    assert boxes.xywh.tolist() == [[40, 20, 40, 20], [100, 50, 200, 100]]
    np.testing.assert_allclose(boxes.xyxyn, [[0.1, 0.1, 0.3, 0.3], [0, 0, 1, 1]])
    np.testing.assert_allclose(boxes.xywhn, [[0.2, 0.2, 0.2, 0.2], [0.5, 0.5, 1, 1]])
    assert boxes.conf.tolist() == [0.75, 0.5]
    assert boxes.cls.tolist() == [1, 0]


def test_ids_are_always_an_array():
    boxes = Boxes(FOUND, SHAPE)
    assert boxes.id.tolist() == [-1, -1]
    assert not boxes.is_track
    assert boxes.data.shape == (2, 6)
    tracked = Boxes(FOUND.with_ids([7, -1]), SHAPE)
    assert tracked.is_track
    assert tracked.data.tolist() == [[20, 10, 60, 30, 7, 0.75, 1], [0, 0, 200, 100, -1, 0.5, 0]]


def test_loops_and_cuts_give_boxes():
    boxes = Boxes(FOUND.with_ids([7, 8]), SHAPE)
    assert [(len(box), box.id.tolist(), box.xyxy.shape) for box in boxes] == [(1, [7], (1, 4)), (1, [8], (1, 4))]
    assert boxes[boxes.conf > 0.6].id.tolist() == [7]
    assert boxes[1].cls.tolist() == [0]


def test_keypoints():
    points = Keypoints(FOUND, SHAPE)
    assert len(points) == 2
    assert points.xy.shape == (2, 2, 2)
    assert points.xy[1].tolist() == [[200, 100], [100, 25]]
    assert points.xyn[1].tolist() == [[1, 1], [0.5, 0.25]]
    assert points.conf[1].tolist() == [1, 1]
    assert np.array_equal(points[0].data[0], POINTS[0].astype(np.float32))


def test_balls():
    balls = Balls(BallRecords.of([[1, 2, 3, 4, 0.5, 0], [5, 6, 7, 8, 0.25, 0]]), SHAPE)
    assert len(balls) == 2
    assert balls.xy.tolist() == [[1, 2], [5, 6]]
    assert balls.next_xy.tolist() == [[3, 4], [7, 8]]
    assert balls[1].conf.tolist() == [0.25]
    assert balls.cls.tolist() == [0, 0]
    assert balls.id.tolist() == [-1, -1]


EMPTY = {
    "xyxy": (0, 4),
    "xywh": (0, 4),
    "xyxyn": (0, 4),
    "xywhn": (0, 4),
    "conf": (0,),
    "cls": (0,),
    "id": (0,),
    "data": (0, 6),
}


@pytest.mark.parametrize(("name", "shape"), EMPTY.items())
def test_empty_boxes_have_the_same_rank_and_dtype(name, shape):
    empty, full = getattr(Boxes(Detections.empty(), SHAPE), name), getattr(Boxes(FOUND, SHAPE), name)
    assert empty.shape == shape
    assert (empty.dtype, empty.ndim) == (full.dtype, full.ndim)
    assert isinstance(empty, Array)
    assert isinstance(full, Array)


@pytest.mark.parametrize("count", [0, 17])
def test_empty_keypoints_have_the_same_rank_and_dtype(count):
    points = Keypoints(Detections.empty(count), SHAPE)
    assert [a.shape for a in (points.data, points.xy, points.xyn, points.conf)] == [
        (0, count, 3),
        (0, count, 2),
        (0, count, 2),
        (0, count),
    ]
    assert {a.dtype for a in (points.data, points.xy, points.xyn, points.conf)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("view", [Boxes(FOUND, SHAPE), Keypoints(FOUND, SHAPE), Balls(BallRecords.empty(), SHAPE)])
def test_torch_words_do_nothing(view):
    assert view.cpu() is view.numpy() is view.to("cuda") is view.cuda() is view


def test_shapes_are_those_of_data():
    assert Boxes(FOUND, SHAPE).shape == Boxes(FOUND, SHAPE).data.shape == (2, 6)
    tracked = Boxes(FOUND.with_ids([7, 8]), SHAPE)
    assert tracked.shape == tracked.data.shape == (2, 7)
    assert Keypoints(FOUND, SHAPE).shape == (2, 2, 3)


def test_visibility_is_there_where_keypoints_are():
    assert Keypoints(FOUND, SHAPE).has_visible
    assert not Keypoints(Detections.empty(), SHAPE).has_visible


def test_keypoints_and_balls_are_looped_over_one_by_one():
    assert [len(one) for one in Keypoints(FOUND, SHAPE)] == [1, 1]
    balls = Balls(BallRecords.of([[1, 2, 3, 4, 0.5, 0], [5, 6, 7, 8, 0.25, 0]]), SHAPE)
    assert [ball.xy.tolist() for ball in balls] == [[[1, 2]], [[5, 6]]]


def test_the_loop_of_everybodys_script():
    names = {0: "person", 1: "cup"}
    told = [
        f"{int(box.id)} {names[int(box.cls)]} {float(box.conf):.2f} {box.conf:.1f} {box.xyxy[0].cpu().numpy().tolist()}"
        for box in Boxes(FOUND.with_ids([7, 8]), SHAPE)
    ]
    assert told == ["7 cup 0.75 0.8 [20.0, 10.0, 60.0, 30.0]", "8 person 0.50 0.5 [0.0, 0.0, 200.0, 100.0]"]
    assert all(box.id is not None and box.cls[0].cpu().item() >= 0 for box in Boxes(FOUND, SHAPE))


def test_print_shows_a_screenful_of_boxes():
    many = Detections.of(np.tile([1, 2, 3, 4], (300, 1)), np.ones(300), np.zeros(300)).with_ids(np.arange(300))
    lines = str(Boxes(many, SHAPE)).splitlines()
    assert lines[0] == "300 boxes in 200x100 px: id, class, score, x1, y1, x2, y2"
    assert lines[-1] == "  ... and 290 more"
    assert len(lines) < 20
    assert str(Boxes(Detections.empty(), SHAPE)) == "0 boxes in 200x100 px"
    assert str(Keypoints(FOUND, SHAPE)) == "2 keypoints (x, y, visibility) of each of 2 objects"
    assert str(Keypoints(Detections.empty(), SHAPE)) == "no keypoints"
    assert str(Balls(BallRecords.of([[1, 2, 3, 4, 0.5, 0]]), SHAPE)) == "1 ball: #-1 at 1.0, 2.0 (0.50)"
    assert str(Balls(BallRecords.empty(), SHAPE)) == "no balls"


def test_other_tasks_words_say_so():
    with pytest.raises(AttributeError, match="Boxes has no 'xywhr': there is no task with rotated boxes yet"):
        _ = Boxes(FOUND, SHAPE).xywhr
    with pytest.raises(AttributeError, match=r"Boxes has no attribute 'xyxn' \(did you mean 'xyxyn'\?\)"):
        _ = Boxes(FOUND, SHAPE).xyxn
