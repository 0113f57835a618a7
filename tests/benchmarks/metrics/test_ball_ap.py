"""Average precision of balls over distances."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_benchmarks.metrics.ball_ap import TOLERANCES_PX, BallRanking


def ranking(*frames, tolerances=TOLERANCES_PX):
    """Rank frames of (labels, [(x, y, score), ...])."""
    made = BallRanking(tolerances)
    for truth, found in frames:
        rows = np.array(found, float).reshape(-1, 3)
        made.add(np.array(truth, float).reshape(-1, 2), rows[:, :2], rows[:, 2])
    return made


def test_distances_decide():
    """One ball 3 px off: nothing at 1 and 2 px, everything from 4 on."""
    found = ranking(([(10, 10)], [(13, 10, 0.9)])).average_precisions()
    assert found == {1.0: 0.0, 2.0: 0.0, 4.0: 1.0, 8.0: 1.0, 16.0: 1.0}


def test_a_false_ball_hurts_only_where_it_is_surer():
    truth, away = [(10, 10)], (90, 90)
    low = ranking((truth, [(10, 10, 0.9), (*away, 0.1)]), tolerances=(4,)).average_precisions()
    high = ranking((truth, [(10, 10, 0.9), (*away, 0.95)]), tolerances=(4,)).average_precisions()
    assert (low[4], high[4]) == (1.0, 0.5)


def test_a_ball_is_found_once():
    """The second answer beside the same ball is false; the other ball is missed: half of the recall."""
    truth = [(10, 10), (50, 50)]
    found = ranking((truth, [(10, 10, 0.9), (11, 10, 0.8)]), tolerances=(4,)).average_precisions()
    assert found[4] == 0.5
    both = ranking((truth, [(10, 10, 0.9), (50, 51, 0.8)]), tolerances=(4,)).average_precisions()
    assert both[4] == 1.0


def test_frames_without_a_ball_and_without_an_answer():
    assert ranking(([], [(1, 1, 0.9)])).average_precisions() == {}
    assert set(ranking(([(1, 1)], [])).average_precisions().values()) == {0.0}
    found = ranking(([], [(1, 1, 0.9)]), ([(5, 5)], [(5, 5, 0.8)]), tolerances=(4,)).average_precisions()
    assert found[4] == 0.5


point = st.tuples(st.integers(0, 40), st.integers(0, 40))
frame = st.tuples(
    st.lists(point, max_size=3),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.floats(0, 1)), max_size=4),
)


@given(st.lists(frame, min_size=1, max_size=5))
def test_shares_that_never_depend_on_the_order_of_frames(frames):
    found = ranking(*frames).average_precisions()
    assert all(0 <= value <= 1 + 1e-9 for value in found.values())
    assert ranking(*frames[::-1]).average_precisions() == pytest.approx(found)


@given(st.lists(st.tuples(point, point, st.floats(0, 1)), min_size=1, max_size=6))
def test_a_larger_distance_never_costs_where_frames_have_one_ball(rows):
    found = list(ranking(*(([truth], [(*said, score)]) for truth, said, score in rows)).average_precisions().values())
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(found))
