"""Which picture is worse than which."""

from pathlib import Path

import numpy as np

from numa_benchmarks.labels.records import LabelledImage
from numa_benchmarks.plots.mistakes import mistakes_of
from numa_runtime.results import Detections

LEFT, RIGHT = [0, 0, 10, 10], [20, 0, 30, 10]


def mistakes(labels, boxes, classes=None, crowd=None):
    image = LabelledImage.of(1, Path("a.png"), (40, 40), labels, np.zeros(len(labels)), crowd=crowd)
    found = np.array(boxes, np.float32).reshape(-1, 4)
    return mistakes_of(image, Detections.of(found, np.full(len(found), 0.9), classes or np.zeros(len(found))))


def test_none():
    said = mistakes([LEFT, RIGHT], [LEFT, RIGHT])
    assert (said.missed, said.false, said.mixed, said.cost) == (0, 0, 0, 0)


def test_missed_false_and_mixed_up_are_said():
    assert mistakes([LEFT, RIGHT], [LEFT]).said == "1 missed"
    assert mistakes([LEFT], [LEFT, RIGHT]).said == "1 false"
    assert mistakes([LEFT], [LEFT], [1]).said == "1 mixed up"
    assert mistakes([LEFT, RIGHT], [[50, 50, 60, 60]]).said == "2 missed, 1 false"


def test_a_loose_box_costs_less_than_a_missed_one():
    loose = mistakes([LEFT], [[0, 0, 10, 6]])
    assert loose.said == "0.40 of IoU lost"
    assert 0 < loose.cost < mistakes([LEFT], []).cost


def test_crowds_cost_nothing():
    assert mistakes([LEFT], [], crowd=[True]).cost == 0
    assert mistakes([LEFT], [LEFT, LEFT], crowd=[True]).cost == 0
