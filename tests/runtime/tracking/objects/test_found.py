"""What `update` takes as detections, and how hooks see them."""

from types import SimpleNamespace

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.results import Detections, Results
from numa_runtime.tracking.objects import BYTETracker, parse_bboxes
from numa_runtime.tracking.objects.found import Found, rows_of

ROWS = np.array([[10.0, 20, 60, 120, 0.75, 3], [0, 0, 30, 40, 0.5, 1]])
TURNED = np.array([[35.0, 70, 50, 100, 0.25, 0.75, 3]])


class Tensor:
    """Numbers that live elsewhere until asked for."""

    def __init__(self, values):
        self.values = values

    def cpu(self):
        return np.asarray(self.values, np.float32)


def boxes(**more):
    return SimpleNamespace(conf=Tensor(ROWS[:, 4]), cls=Tensor(ROWS[:, 5]), **more)


def test_every_kind_of_results_gives_the_same_rows():
    found = Detections.of(ROWS[:, :4], ROWS[:, 4], ROWS[:, 5])
    result = Results((480, 640), {}, found)
    xywh = Tensor([[35, 70, 50, 100], [15, 20, 30, 40]])
    kinds = [ROWS, ROWS.tolist(), found, result, result.boxes, boxes(xywh=xywh)]
    kinds.append(boxes(xywh=xywh, xyxy=Tensor(ROWS[:, :4])))
    for kind in kinds:
        assert rows_of(kind).tolist() == ROWS.tolist()
        assert BYTETracker({}).update(kind).tolist() == [[10, 20, 60, 120, 1, 0.75, 3, 0], [0, 0, 30, 40, 2, 0.5, 1, 1]]
        assert parse_bboxes(kind).tolist() == [[35, 70, 50, 100, 0], [15, 20, 30, 40, 1]]


def test_supervision_detections_are_taken():
    supervision = pytest.importorskip("supervision")
    theirs = supervision.Detections(xyxy=ROWS[:, :4], confidence=ROWS[:, 4], class_id=ROWS[:, 5].astype(int))
    assert rows_of(theirs).tolist() == ROWS.tolist()


def test_rotated_boxes_are_known_by_their_columns_or_by_xywhr():
    obb = SimpleNamespace(xywhr=Tensor([[35, 70, 50, 100, 0.25]]), conf=Tensor([0.75]), cls=Tensor([3]))
    for kind in (TURNED, obb):
        assert rows_of(kind).tolist() == TURNED.tolist()
        assert parse_bboxes(kind).tolist() == [[35, 70, 50, 100, 0.25, 0]]
        assert BYTETracker({}).update(kind).tolist() == [[35, 70, 50, 100, 0.25, 1, 0.75, 3, 0]]


def test_boxes_without_their_scores_are_refused():
    with pytest.raises(TrackerError, match="1 boxes come with 2 scores and 2 classes"):
        rows_of(boxes(xywh=Tensor([[35, 70, 50, 100]])))


def test_a_mask_selects_and_the_index_stays_or_starts_again():
    for classic, index in ((False, [1]), (True, [0])):
        found = Found.read(ROWS, False, classic)
        assert found.xyxy.tolist() == ROWS[:, :4].tolist()
        part = found[found.cls == 1]
        assert (len(part), part.index.tolist(), part.conf.tolist()) == (1, index, [0.5])
        assert found.index.tolist() == [0, 1]
        assert not hasattr(part, "xywhr")


def test_degenerate_boxes_are_there_but_not_usable():
    flat = np.vstack([ROWS, [[5, 5, 9, 5, 0.9, 0]]])
    assert Found.read(flat, False, False).usable.tolist() == [0, 1]
    assert not Found.read(flat, False, False).conf[2] > 0
    assert Found.read(flat[:0], False, False).usable.tolist() == []
