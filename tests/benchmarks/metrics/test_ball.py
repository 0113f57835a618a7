from __future__ import annotations

import numpy as np
import pytest

from numa_benchmarks.labels.ball import BallTable
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.metrics.ball import BallScores, score_balls

SIZE = (640, 640)


def table(*points: tuple[float, float] | None, start: int = 0) -> BallTable:
    """Return one frame per point; None is a frame without a ball."""
    seen = [point is not None for point in points]
    return BallTable.of(np.arange(len(points)) + start, seen, [point or (0, 0) for point in points])


def test_each_kind_is_counted_once() -> None:
    truth = table((100, 100), None, (100, 100), None, (100, 100))
    found = table((102, 103), None, (110, 100), (5, 5), None)
    scores = score_balls(truth, found, source_size=SIZE)
    assert scores == BallScores(tp=1, tn=1, fp1=1, fp2=1, fn=1)
    assert scores.frames == 5
    assert scores.accuracy == pytest.approx(2 / 5)
    assert scores.precision == pytest.approx(1 / 3)
    assert scores.recall == pytest.approx(1 / 2)
    assert scores.f1 == pytest.approx(0.4)


def test_perfect_and_empty() -> None:
    truth = table((10, 10), None, (30, 40))
    perfect = score_balls(truth, truth, source_size=SIZE)
    assert (perfect.accuracy, perfect.precision, perfect.recall, perfect.f1) == (1, 1, 1, 1)
    nothing = score_balls(truth, table(), source_size=SIZE)
    assert (nothing.fn, nothing.tn, nothing.precision, nothing.recall, nothing.f1) == (2, 1, 0, 0, 0)


@pytest.mark.parametrize(("distance", "right"), [(4.0, True), (4.01, False)])
def test_four_pixels_still_count(distance: float, right: bool) -> None:
    found = table((100 + distance, 100))
    assert score_balls(table((100, 100)), found, source_size=SIZE).tp == right


def test_distance_is_measured_at_the_input_size() -> None:
    """1280x720 is halved to fit 640x640: 8 source pixels are 4."""
    truth, found = table((100, 100)), table((107.9, 100))
    assert score_balls(truth, found, source_size=(720, 1280)).tp == 1
    assert score_balls(truth, table((108.1, 100)), source_size=(720, 1280)).fp1 == 1
    assert score_balls(truth, found, source_size=(720, 1280), input_size=(720, 1280)).fp1 == 1


def test_frames_are_matched_by_number() -> None:
    truth = table((10, 10), (20, 20), (30, 30), start=5)
    found = BallTable.of([6, 99], [1, 1], [[20, 20], [1, 1]])
    assert score_balls(truth, found, source_size=SIZE) == BallScores(tp=1, tn=0, fp1=0, fp2=0, fn=2)


def test_clips_add_up() -> None:
    assert BallScores(1, 2, 3, 4, 5) + BallScores(10, 20, 30, 40, 50) == BallScores(11, 22, 33, 44, 55)


def test_keys() -> None:
    keys = BallScores(1, 0, 0, 0, 0).to_dict()
    assert (keys["ball_f1"], keys["ball_precision"], keys["ball_recall"], keys["ball_tp"]) == (1, 1, 1, 1)


def test_bad_input() -> None:
    with pytest.raises(DataError, match="have no frames to score"):
        score_balls(table(), table(), source_size=SIZE)
    with pytest.raises(DataError, match="sizes must be positive"):
        score_balls(table((1, 1)), table(), source_size=(0, 10))
