"""The confusion matrix: rows found, columns labelled, background last; every box and every label is counted once."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_benchmarks.labels.records import Dataset, LabelledImage
from numa_benchmarks.metrics.confusion import confusion_matrix
from numa_runtime.results import Detections

NAMES = ("cat", "dog")
LEFT, RIGHT, FAR = [0, 0, 10, 10], [20, 0, 30, 10], [100, 100, 110, 110]


def labelled(boxes, classes, crowd=None):
    image = LabelledImage.of(1, Path("a.png"), (200, 200), boxes, classes, crowd=crowd)
    return Dataset(Path("data.yaml"), "val", NAMES, (image,))


def found(boxes, classes, scores=None):
    return Detections.of(np.array(boxes, np.float32).reshape(-1, 4), scores or np.full(len(classes), 0.9), classes)


def counts(data, answers, **words):
    return confusion_matrix(data, [answers], **words).matrix.tolist()


def test_right_mixed_up_missed_and_false():
    data = labelled([LEFT, RIGHT, FAR], [0, 0, 1])
    answers = found([LEFT, RIGHT, [150, 150, 160, 160]], [0, 1, 1])
    assert counts(data, answers) == [[1, 0, 0], [1, 0, 1], [0, 1, 0]]


def test_a_low_score_is_no_answer():
    assert counts(labelled([LEFT], [0]), found([LEFT], [0], [0.2])) == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert counts(labelled([LEFT], [0]), found([LEFT], [0], [0.2]), conf=0.1)[0][0] == 1


def test_a_loose_box_is_false_and_its_label_missed():
    half = found([[0, 0, 10, 4]], [0])  # IoU 0.4
    assert counts(labelled([LEFT], [0]), half) == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert counts(labelled([LEFT], [0]), half, iou=0.3)[0][0] == 1


def test_the_closest_box_is_the_answer_and_a_second_one_false():
    answers = found([[0, 0, 10, 8], LEFT], [0, 1])
    assert counts(labelled([LEFT], [0]), answers) == [[0, 0, 1], [1, 0, 0], [0, 0, 0]]


def test_crowds_are_neither_missed_nor_false():
    data = labelled([LEFT], [0], crowd=[True])
    assert not np.any(counts(data, found([], [])))
    assert not np.any(counts(data, found([LEFT, LEFT], [0, 1])))


def test_numbers_by_name():
    matrix = confusion_matrix(labelled([LEFT, RIGHT], [0, 0]), [found([LEFT, FAR], [0, 1])])
    assert matrix.summary()[0] == {"Predicted": "cat", "cat": 1, "dog": 0, "background": 0}
    assert matrix.summary(normalize=True)[2] == {"Predicted": "background", "cat": 0.5, "dog": 0.0, "background": 0.0}
    assert json.loads(matrix.to_json()) == matrix.summary()
    assert [row["Predicted"] for row in csv.DictReader(matrix.to_csv().splitlines())] == [*NAMES, "background"]


def test_it_prints_its_counts(capsys):
    confusion_matrix(labelled([LEFT], [1]), [found([LEFT], [1])]).print()
    assert "dog,0,1,0" in capsys.readouterr().out


corners = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 30), st.integers(1, 30))
boxes = st.lists(st.tuples(corners, st.integers(0, 1)), max_size=6)


def split(rows):
    places = [[x, y, x + width, y + height] for (x, y, width, height), _ in rows]
    return np.array(places, np.float32).reshape(-1, 4), [label for _, label in rows]


@given(boxes, boxes)
def test_every_label_and_every_box_is_counted_once(labels, answers):
    data, said = labelled(*split(labels)), found(*split(answers))
    matrix = np.array(counts(data, said))
    assert matrix[:, :2].sum(axis=0).tolist() == np.bincount(data.images[0].classes, minlength=2).tolist()
    assert matrix[:2].sum(axis=1).tolist() == np.bincount(said.cls, minlength=2).tolist()
    assert matrix[2, 2] == 0


@pytest.mark.parametrize("rows", [[], [((1, 1, 5, 5), 0)], [((1, 1, 5, 5), 1), ((20, 20, 5, 5), 0)]])
def test_shares_of_a_label_sum_to_one(rows):
    shares = confusion_matrix(labelled(*split(rows)), [found(*split(rows))]).shares
    assert set(shares.sum(axis=0).round(9).tolist()) <= {0.0, 1.0}
    assert np.trace(shares) == len({label for _, label in rows})
