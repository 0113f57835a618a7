from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_benchmarks.metrics.operating_point import Hits, best_operating_point, match


def flags(*values: int) -> np.ndarray:
    return np.array(values, bool)


def test_each_label_is_taken_once_by_the_best_score() -> None:
    right, void = match(np.array([[0.6], [0.9]]), flags(0), flags(0))
    assert (right.tolist(), void.tolist()) == ([True, False], [False, False])


def test_the_best_free_label_is_taken() -> None:
    overlap = np.array([[0.6, 0.8], [0.7, 0.9], [0.4, 0.4]])
    right, _ = match(overlap, flags(0, 0), flags(0, 0))
    assert right.tolist() == [True, True, False]


def test_detections_on_ignored_labels_count_neither_way() -> None:
    overlap = np.array([[0.9, 0.0], [0.9, 0.0], [0.0, 0.9], [0.0, 0.9]])
    right, void = match(overlap, flags(1, 1), flags(1, 0))
    assert right.tolist() == [False] * 4
    assert void.tolist() == [True, True, True, False]


def test_a_label_that_counts_goes_before_an_ignored_one() -> None:
    right, void = match(np.array([[0.9, 0.6]]), flags(1, 0), flags(1, 0))
    assert (right.tolist(), void.tolist()) == ([True], [False])


def test_best_f1() -> None:
    """Right at .9 and .8, wrong at .3: the limit lies between, where both precision and recall are 1."""
    point = best_operating_point([Hits(np.array([0.3, 0.9, 0.8]), flags(0, 1, 1), 2)])
    assert (point.precision, point.recall) == (1.0, 1.0)
    assert 0.3 < point.confidence <= 0.8


def test_one_limit_for_all_classes() -> None:
    """The second class is right at .2 only; a limit of .2 keeps the first class's false alarm at .3."""
    classes = [Hits(np.array([0.9, 0.3]), flags(1, 0), 1), Hits(np.array([0.2]), flags(1), 1)]
    point = best_operating_point(classes)
    assert point.class_precision.tolist() == [0.5, 1.0]
    assert point.class_recall.tolist() == [1.0, 1.0]
    assert point.precision == 0.75


def test_no_detections_and_no_classes() -> None:
    point = best_operating_point([Hits(np.zeros(0), flags(), 4)])
    assert (point.precision, point.recall) == (0.0, 0.0)
    assert best_operating_point([]).precision == 0.0


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=20), st.integers(0, 5))
def test_figures_are_those_of_counting_at_the_limit(rows: list[tuple[float, bool]], missed: int) -> None:
    scores, right = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    labels = int(right.sum()) + missed
    point = best_operating_point([Hits(scores, right, labels)])
    kept = scores >= point.confidence
    hits = int((kept & right).sum())
    assert point.precision == pytest.approx(hits / kept.sum() if kept.any() else 1.0)
    assert point.recall == pytest.approx(hits / max(labels, 1))
