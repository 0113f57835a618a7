"""TrackTrack: rounds of mutual minima, low detections at a price, births that look at the tracks."""

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.explain import Recorder
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import rounds
from numa_runtime.tracking.kernels.inner import alone
from numa_runtime.tracking.params import TrackTrackParams
from numa_runtime.tracking.tracker import Tracker


def box(x, y=100.0, w=40.0, h=100.0, score=0.9):
    return [x, y, x + w, y + h, score, 0.0]


def follow(tracker, frames):
    return [tracker.update(np.array(frame, float).reshape(-1, 6)) for frame in frames]


@pytest.mark.parametrize(("step", "expected"), [(0.05, [0, -1]), (0.01, [0, 1])])
def test_the_limit_tightens_from_round_to_round(step, expected):
    """A-d1 .10, A-d2 .20, B-d1 .15, B-d2 .68 under .70: A takes d1, and then .65 refuses B d2."""
    shapes, lists = np.zeros((2, 4, at.N_SHAPES)), np.zeros((at.N_LISTS, 4), np.int64)
    lists[at.L_ROW_START, :3] = [0, 2, 4]
    costs = np.array([0.10, 0.20, 0.15, 0.68])
    alone(rounds.solve_rounds)(2, 2, 0.70, step, shapes, lists, np.array([0, 1, 0, 1]), costs)
    assert lists[at.L_ROW_MATCH, :2].tolist() == expected
    assert lists[at.L_COL_MATCH, :2].tolist() == ([0, -1] if step == 0.05 else [0, 1])


def test_low_detections_take_part_at_a_price_but_start_nothing():
    for penalty, shown in ((0.2, [1]), (0.9, [])):
        tracker = Tracker("tracktrack", low_penalty=penalty, score_weight=0.0)
        *_, last = follow(tracker, [[box(100)]] * 4 + [[box(100, score=0.2), box(400, score=0.2)]])
        assert last[:, 4].tolist() == shown
        assert tracker.born == 1


def test_a_track_starts_only_where_nothing_is():
    for birth_iou, born in ((0.55, 1), (1.0, 2)):
        tracker = Tracker("tracktrack", birth_iou=birth_iou)
        follow(tracker, [[box(100)]] + [[box(100), box(108, score=0.8)]] * 5)  # IoU .67
        assert tracker.born == born


def test_of_two_candidates_the_stronger_one_starts():
    tracker = Tracker("tracktrack", min_hits=0)
    (rows,) = follow(tracker, [[box(108, score=0.8), box(100, score=0.9)]])
    assert rows[:, 7].tolist() == [1]


def test_no_detection_could_be_low():
    with pytest.raises(TrackerError, match="no detection could be low") as error:
        TrackTrackParams(track_low_thresh=0.5)
    assert error.value.hint == "lower track_low_thresh, e.g. track_low_thresh=0.125"


def test_its_explanation_says_that_more_than_the_overlap_decided():
    recorder = Recorder(Tracker("tracktrack", low_penalty=0.9))
    for score in (0.9, 0.9, 0.9, 0.2, 0.2):
        recorder.update(np.array([box(100, score=score)]))
    assert "but its score, its direction or the tightening rounds made it too dear" in str(recorder.explain(1))
