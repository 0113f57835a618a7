"""Pictures of rallies: balls, players, and strips of the frames that went worst."""

import cv2
import numpy as np
import pytest
from rally_files import write_rallies

from numa_benchmarks.labels.rallies import open_rallies
from numa_benchmarks.metrics.seen import BallAnswers, SeenFrame, SeenRallies
from numa_benchmarks.plots.ball_curves import save_ball_curves
from numa_benchmarks.plots.chart import Chart
from numa_benchmarks.plots.worst_clips import APART, BEFORE, save_worst_clips
from numa_runtime.results import BallRecords, Detections

BALLS = {"BallF1_curve.png", "BallPR_curve.png", "BallTolerance_curve.png", "Ball_scores.png"}


@pytest.fixture(scope="module")
def rally(tmp_path_factory):
    return open_rallies(write_rallies(tmp_path_factory.mktemp("r"), train=0, frames=48), "val").rallies[0]


def seen(rally, wrong=()):
    """Every frame as it is labelled, but nothing found in the frames that are named."""
    frames = []
    for index, labels in enumerate(rally.labels):
        count = 0 if index in wrong else len(labels.boxes)
        players = Detections.of(labels.boxes[:count], np.full(count, 0.9), np.zeros(count), labels.keypoints[:count])
        balls = labels.balls[:0] if index in wrong else labels.balls[:1]
        frames.append(SeenFrame(rally, index, 1.0, records(balls), players))
    return SeenRallies(tuple(frames))


def records(points):
    return BallRecords.of(np.column_stack([points, points, np.full(len(points), 0.9), np.zeros(len(points))]))


def sheet(found, path, **words):
    return save_worst_clips(found, conf=0.25, ball_conf=0.5, tolerance_px=4.0, path=path, **words)


def test_no_mistake_no_sheet(rally, tmp_path):
    assert sheet(seen(rally), tmp_path / "worst.jpg") is None
    assert not list(tmp_path.iterdir())


def test_a_row_a_frame_and_no_neighbours(rally, tmp_path):
    """Frames 2, 3 and 20 are wrong; 2 and 3 look alike, so that there are two rows."""
    one = cv2.imread(str(sheet(seen(rally, wrong=(20,)), tmp_path / "1.png")))
    both = cv2.imread(str(sheet(seen(rally, wrong=(2, 3, 20)), tmp_path / "2.png")))
    assert APART > 1
    assert both.shape[1] == one.shape[1]
    assert both.shape[0] == pytest.approx(2 * one.shape[0], rel=0.2)
    assert one.shape[1] % (BEFORE + 2) < BEFORE + 2
    few = cv2.imread(str(sheet(seen(rally, wrong=(2, 3, 20)), tmp_path / "3.png", most=1)))
    assert few.shape == one.shape


def test_ball_pictures(rally, tmp_path):
    files = save_ball_curves(seen(rally, wrong=(1,)).answers, 0.5, 4.0, tmp_path)
    assert {file.name for file in files} == BALLS
    assert all(cv2.imread(str(file)) is not None for file in files)


def test_precision_falls_to_nothing_where_only_wrong_answers_score_so_high(tmp_path, monkeypatch):
    """The best F1 is at 0.2 to 0.4, of which the highest is said; a wrong ball scores 0.6, none more."""
    drawn = []
    monkeypatch.setattr(Chart, "save", lambda self, path: drawn.append(self) or path)
    answers = BallAnswers(np.array([True, False]), np.array([0.4, 0.6]), np.array([1.0, np.inf]))
    save_ball_curves(answers, 0.4, 4.0, tmp_path)
    precision, recall, f1 = drawn[0].lines
    assert (precision.xs.max(), precision.ys[-1], precision.ys[0]) == (0.6, 0.0, 0.5)
    assert (recall.xs.max(), f1.name) == (1.0, "F1, best 0.667 at 0.400")


def test_ball_pictures_without_any_answer(tmp_path):
    nothing = BallAnswers(np.ones(3, np.bool_), np.zeros(3), np.full(3, np.inf))
    assert len(save_ball_curves(nothing, 0.5, 4.0, tmp_path)) == len(BALLS)


def test_answers_are_the_best_ball_of_each_labelled_frame(rally):
    found = seen(rally, wrong=(0,)).answers
    assert len(found) == len(rally)
    assert (found.score[0], found.away[0]) == (0.0, np.inf)
    assert found.ratios(0.5, 0.5)[0] == 1.0
