"""BoostTrack: what makes a track and a detection more alike than their overlap says."""

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.explain import Recorder
from numa_runtime.tracking.params import BoostTrackParams
from numa_runtime.tracking.tracker import Tracker

PLAIN = {"confidence_weight": 0.0, "distance_weight": 0.0, "shape_weight": 0.0}


def box(x, y=100.0, w=40.0, h=100.0, score=0.9):
    return [x - w / 2, y - h / 2, x + w / 2, y + h / 2, score, 0.0]


def follow(tracker, frames):
    return [tracker.update(np.array(frame, float).reshape(-1, 6)) for frame in frames]


@pytest.mark.parametrize(("wide", "shown"), [(38.0, [1]), (36.0, [])])
def test_a_low_detection_counts_for_more_where_a_track_is(wide, shown):
    """Score .30, threshold .60: IoU .95 makes it .6175, IoU .90 makes it .585."""
    tracker = Tracker("boosttrack", track_high_thresh=0.6, new_track_thresh=0.6)
    *_, last = follow(tracker, [[box(100)]] * 8 + [[box(100, w=wide, score=0.3)]])
    assert last[:, 4].tolist() == shown
    assert [round(score, 9) for score in last[:, 5]] == [0.3] * len(shown)  # it keeps the detector's score


def test_what_was_raised_starts_nothing():
    tracker = Tracker("boosttrack", track_high_thresh=0.6, new_track_thresh=0.6, min_hits=0)
    follow(tracker, [[box(100)]] * 8 + [[box(100), box(101, score=0.3)]])
    assert tracker.born == 1


def swapped(words, first, second, last, **given_):
    """Return which of two tracks, seen in these boxes for ten frames, take the two boxes of the last frame."""
    tracker = Tracker("boosttrack", **PLAIN | words)
    for _ in range(10):
        tracker.update(np.array([first, second]), **given_)
    rows = tracker.update(np.array(last), **given_)
    return rows[np.argsort(rows[:, 7]), 4].tolist()


def test_alike_shapes_bring_together():
    """The only detection has the tall one's shape (IoU .38), and overlaps the square one more (IoU .44)."""
    taken = {}
    for weight in (0.0, 1.0):
        tracker = Tracker("boosttrack", **PLAIN | {"shape_weight": weight})
        follow(tracker, [[box(100), box(100, y=145, w=80, h=80)]] * 10)
        taken[weight] = tracker.update(np.array([box(100, y=145)]))[0, 4]
    assert taken == {0.0: 2, 1.0: 1}


def test_the_filter_says_whose_it_is():
    """The nearer track is sure that it is elsewhere; the other was not seen for a while, and may be anywhere."""
    taken = {}
    for weight in (0.0, 10.0):
        tracker = Tracker("boosttrack", **PLAIN | {"distance_weight": weight})
        follow(tracker, [[box(100), box(140)]] * 20 + [[box(100)]] * 8)
        taken[weight] = tracker.update(np.array([box(119)]))[0, 4]
    assert taken == {0.0: 1, 10.0: 2}


def test_looks_tell_two_apart_that_overlap():
    looks = np.eye(2)
    one, two = box(100), box(108)
    assert swapped({"with_reid": True}, one, two, [two, one], features=looks) == [1, 2]
    assert swapped({}, one, two, [two, one]) == [2, 1]


def test_looking_alike_makes_up_for_little_overlap():
    for with_reid, shown in ((True, [1]), (False, [])):
        tracker = Tracker("boosttrack", with_reid=with_reid)
        given_ = {"features": np.ones((1, 4))} if with_reid else {}
        for _ in range(6):
            tracker.update(np.array([box(100)]), **given_)
        assert tracker.update(np.array([box(125)]), **given_)[:, 4].tolist() == shown  # IoU .23


def test_a_sure_track_wins_over_one_that_was_just_born():
    """Both overlap the only detection, the young one by a little more."""
    taken = {}
    for weight in (0.0, 0.5):
        tracker = Tracker("boosttrack", **PLAIN | {"confidence_weight": weight}, min_hits=0)
        follow(tracker, [[box(100)]] * 10 + [[box(100), box(121)]])
        taken[weight] = tracker.update(np.array([box(111)]))[0, 4]
    assert taken == {0.0: 2, 0.5: 1}


def test_no_detection_could_be_low():
    with pytest.raises(TrackerError, match="no detection could be low"):
        BoostTrackParams(track_low_thresh=0.5)


def test_its_explanation_tells_of_a_score_that_was_not_raised():
    recorder = Recorder(Tracker("boosttrack", track_high_thresh=0.6, new_track_thresh=0.6))
    follow(recorder, [[box(100)]] * 8 + [[box(100, w=36, score=0.3)]] * 2)
    assert "its score 0.30 is below track_high_thresh, and no track overlaps it so much" in str(recorder.explain(1))
