"""New boxes and keypoints for a result that is there."""

from __future__ import annotations

import numpy as np
import pytest

from numa_runtime.errors import UsageError
from numa_runtime.results import Boxes, Detections, Keypoints, Results

POINTS = np.array([[[20, 50, 0.9]], [[200, 100, 1]]])
PLAIN = Detections.of([[20, 10, 60, 30], [0, 0, 200, 100]], [0.75, 0.5], [0, 1])
POSED = Detections.of(PLAIN.xyxy, PLAIN.conf, PLAIN.cls, POINTS)


def result(detections=PLAIN):
    return Results((100, 200), {}, detections)


def test_boxes_are_replaced_in_place_and_cut_at_the_frame():
    changed = result()
    assert changed.update(boxes=np.array([[-5, 5, 250, 50, 0.9, 1]])) is None
    assert changed.boxes.xyxy.tolist() == [[0, 5, 200, 50]]
    assert (changed.boxes.conf.tolist(), changed.boxes.cls.tolist()) == ([pytest.approx(0.9)], [1])
    assert not changed.boxes.is_track


def test_data_goes_in_as_it_comes_out():
    changed, tracked = result(), result(PLAIN.with_ids([7, 8]))
    changed.update(boxes=tracked.boxes.data)
    assert changed.boxes.data.tolist() == tracked.boxes.data.tolist()
    assert changed.boxes.id.tolist() == [7, 8]
    changed.update(boxes=[])
    assert len(changed) == 0


def test_boxes_and_keypoints_may_be_assigned():
    changed = result(POSED)
    changed.boxes = changed.boxes[changed.boxes.conf > 0.6]
    assert changed.keypoints.xy.tolist() == [[[20, 50]]]
    changed.keypoints = np.array([[[1, 2]]])
    assert changed.keypoints.data.tolist() == [[[1, 2, 1]]]
    changed.keypoints = Keypoints(POSED.select(1), (100, 200))
    assert changed.keypoints.conf.tolist() == [[1]]
    changed.update(boxes=Boxes(POSED, (100, 200)))
    assert len(changed.keypoints) == 2


def test_as_many_boxes_keep_their_keypoints():
    changed = result(POSED)
    changed.update(boxes=changed.boxes.data + 1)
    assert changed.keypoints.data.tolist() == POSED.keypoints.tolist()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"boxes": np.zeros((1, 5))}, r"boxes of shape \(1, 5\) cannot be read"),
        ({"boxes": np.zeros((1, 6))}, "1 boxes do not go with the keypoints of 2 objects"),
        ({"keypoints": np.zeros((1, 1, 3))}, r"keypoints of shape \(1, 1, 3\) do not go with 2 boxes"),
        ({"masks": np.zeros(3)}, "results have no masks: there is no such task yet"),
        ({"probs": 1}, "no probs"),
        ({"obb": 1}, "no obb"),
    ],
)
def test_what_does_not_go_together_is_refused(words, sentence):
    kept = result(POSED)
    with pytest.raises(UsageError, match=sentence):
        kept.update(**words)
    assert kept.detections is POSED
