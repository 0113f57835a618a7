import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.results import BallRecords, Detections, Results
from numa_runtime.tracking.balls.candidates import as_ball_rows, usable

ROW = [10, 20, 11, 22, 0.5, 0]


@pytest.mark.parametrize("empty", [[], (), np.zeros(0), np.zeros((0, 6), np.int32), BallRecords.empty()])
def test_nothing_is_six_columns(empty):
    rows = as_ball_rows(empty)
    assert rows.shape == (0, 6)
    assert rows.dtype == np.float64


def test_records_and_results_are_rows():
    records = BallRecords.of([ROW])
    assert as_ball_rows(records).tolist() == [ROW]
    assert as_ball_rows(Results((48, 64), {}, Detections.empty(), records)).tolist() == [ROW]
    assert as_ball_rows([[10, 20, 11, 22, 1, 0]]).tolist() == [[10, 20, 11, 22, 1, 0]]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("ball", "balls of type str are not numbers"),
        (None, "balls of type NoneType are not numbers"),
        ([[1, 2], [3]], "balls of type list are not numbers"),
        (np.zeros((1, 6), bool), "balls of type bool are not numbers"),
        (np.zeros((2, 5)), "balls of shape (2, 5) cannot be read"),
        (np.zeros(6), "balls of shape (6,) cannot be read"),
    ],
)
def test_other_things_are_refused(given, sentence):
    with pytest.raises(TrackerError) as error:
        as_ball_rows(given)
    assert error.value.what == sentence
    assert "x, y, next_x, next_y, score, class" in error.value.hint


def test_rows_that_are_no_points_are_left_out_and_a_missing_next_is_not():
    rows = np.array([ROW] * 7, float)
    rows[0, 0], rows[1, 1], rows[2, 0], rows[3, 4], rows[4, 5] = np.nan, np.inf, 1e10, np.nan, np.inf
    rows[5, 2] = np.nan
    assert [one.row for one in usable(rows)] == [5, 6]


@pytest.mark.parametrize("score", [-0.1, 1.1, 87.0])
def test_a_score_is_from_zero_to_one(score):
    with pytest.raises(TrackerError) as error:
        usable(np.array([ROW, [1, 2, 3, 4, score, 0]]))
    assert error.value.what == f"ball 1 has score {score:g}; scores are from 0 to 1"


def test_rounding_above_one_is_clipped():
    assert usable(np.array([[1, 2, 3, 4, 1 + 1e-7, 0]]))[0].score == 1.0
