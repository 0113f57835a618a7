"""What was seen of balls, at any threshold, agrees with how `metrics.ball` counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_benchmarks.metrics.seen import BallAnswers

INF = float("inf")


def answers(*rows):
    there, score, away = zip(*rows, strict=True)
    return BallAnswers(np.array(there, np.bool_), np.array(score, float), np.array(away, float))


def test_each_frame_counts_once():
    rows = [(True, 0.9, 1.0), (True, 0.9, 9.0), (True, 0.1, 1.0), (False, 0.9, INF), (False, 0.0, INF)]
    precision, recall, f1, accuracy = answers(*rows).ratios(0.5, 4.0)
    assert (precision, recall) == (pytest.approx(1 / 3), pytest.approx(1 / 2))
    assert f1 == pytest.approx(2 / 5)
    assert accuracy == pytest.approx(2 / 5)


def test_nothing_labelled_and_nothing_said():
    assert answers((False, 0.0, INF)).ratios(0.5, 4.0) == (0.0, 0.0, 0.0, 1.0)


def test_no_frames_at_all():
    nothing = BallAnswers(np.zeros(0, np.bool_), np.zeros(0), np.zeros(0))
    assert nothing.ratios(0.5, 4.0) == (0.0, 0.0, 0.0, 0.0)


def test_a_score_of_zero_is_no_answer_at_any_threshold():
    assert answers((False, 0.0, INF)).ratios(0.0, 4.0)[3] == 1.0


rows = st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.floats(0, 50)), min_size=1, max_size=20)


@given(rows, st.floats(0, 1), st.floats(0, 30), st.floats(0, 20))
def test_a_larger_tolerance_never_costs(frames, conf, tolerance, more):
    strict, loose = answers(*frames).ratios(conf, tolerance), answers(*frames).ratios(conf, tolerance + more)
    assert all(one <= other + 1e-12 for one, other in zip(strict, loose, strict=True))
