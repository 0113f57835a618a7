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
    assert view.cpu() is view.numpy() is view.to("cuda") is view
