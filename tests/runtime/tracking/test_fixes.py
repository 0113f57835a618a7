"""The ten defects of the classic tracker: ours does not have them, classic semantics do."""

import numpy as np
import pytest

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.tracker import Tracker

BOX = [100.0, 100.0, 140.0, 200.0]
NONE = np.zeros((0, 6))


def det(score=0.9, box=BOX, cls=0, shift=0.0):
    return [box[0] + shift, box[1], box[2] + shift, box[3], score, cls]


def rows(*detections):
    return np.array(detections, float).reshape(-1, 6)


def ids(tracks):
    return tracks[:, -4].astype(int).tolist()


def both(**parameters):
    return Tracker("bytetrack", **parameters), Tracker("bytetrack", compat="classic", **parameters)


def test_1_a_low_detection_keeps_its_track():
    ours, classic = both()
    for tracker, expected in ((ours, [1]), (classic, [])):
        tracker.update(rows(det()))
        assert ids(tracker.update(rows(det(score=0.2)))) == expected


def test_2_removed_is_final():
    ours, classic = both(track_buffer=2)
    for tracker, comes_back in ((ours, False), (classic, True)):
        tracker.update(rows(det()))
        removed = []
        for _ in range(3):
            tracker.update(NONE)
            removed += tracker.removed.tolist()
        assert removed == [1]
        later = ids(tracker.update(rows(det()))) + ids(tracker.update(rows(det())))
        assert (1 in later) is comes_back


def test_2_removed_is_listed_once():
    ours, classic = both(track_buffer=2)
    for tracker, times in ((ours, 1), (classic, 2)):
        tracker.update(rows(det()))
        removed = []
        for _ in range(6):
            tracker.update(NONE)
            removed += tracker.removed.tolist()
        assert removed == [1] * times


def test_3_the_index_is_the_callers():
    ours, classic = both()
    for tracker, expected in ((ours, [2, 1]), (classic, [1, 0])):
        tracker.update(rows(det(), det(box=[500.0, 100.0, 540.0, 200.0])))
        frame = rows(det(score=0.05, shift=900), det(box=[500.0, 100.0, 540.0, 200.0]), det())
        assert tracker.update(frame)[:, -1].astype(int).tolist() == expected


@pytest.mark.parametrize("compat", ["modern", "classic"])
def test_4_ids_are_counted_per_tracker(compat):
    """The published counter is the class's: the second stream's first id is where the first stream was."""
    first, second = Tracker(compat=compat), Tracker(compat=compat)
    assert ids(first.update(rows(det(), det(shift=400)))) == [1, 2]
    assert ids(second.update(rows(det()))) == [1]
    assert ids(first.update(rows(det(), det(shift=400)))) == [1, 2]
    for tracker, expected in ((second, [1, 2]), (first, [1, 3])):
        tracker.update(rows(det(), det(shift=800)))
        assert ids(tracker.update(rows(det(), det(shift=800)))) == expected
    assert ids(Tracker(compat=compat).update(rows(det()))) == [1]


@pytest.mark.parametrize("flat", [[10, 10, 30, 10], [10, 10, 10, 30], [10, 10, 5, 5]])
def test_5_degenerate_boxes_are_dropped_and_counted(flat):
    ours = Tracker()
    assert ids(ours.update(rows(det(), det(box=flat)))) == [1]
    assert (ours.dropped, ours.born) == (1, 1)


def test_5_classic_takes_a_zero_height_box_into_its_state():
    ours, classic = both()
    for tracker, healthy in ((ours, True), (classic, False)):
        tracker.update(rows(det(), det(box=[10.0, 10.0, 30.0, 10.0])))
        with np.errstate(all="ignore"):
            tracks = tracker.update(rows(det()))
        state = tracker._state.floats[: tracker.born]
        assert bool(np.isfinite(state).all() and np.isfinite(tracks).all()) is healthy


def test_6_camera_motion_is_right_for_the_aspect_state():
    quarter = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]])
    before = np.array([[-10.0, -20.0, 30.0, 60.0, 0.9, 0.0]])  # centre (10, 20), aspect .5, height 80
    after = np.array([[-40.0, -30.0, 0.0, 50.0, 0.9, 0.0]])
    for detections in (after, NONE):
        tracker = Tracker(state="xyah")
        tracker.update(before)
        turned = tracker.update(detections, warp=quarter)
        # the published multi_gmc turns every pair of the state: aspect and height would be -80 and .5
        np.testing.assert_allclose(tracker._state.floats[0, : at.H + 1], [-20, 10, 0.5, 80])
        np.testing.assert_allclose(turned[:, :5], np.reshape([-40, -30, 0, 50, 1] * len(detections), (-1, 5)))


def test_7_per_class_association_never_changes_an_ids_class():
    for per_class, classes in ((True, {0}), (False, {0, 1})):
        tracker = Tracker(per_class=per_class)
        seen = set()
        for frame in range(6):
            tracks = tracker.update(rows(det(cls=0 if frame < 3 else 1)))
            seen |= {int(t[6]) for t in tracks if t[4] == 1}
        assert seen == classes
    classic = Tracker(compat="classic")
    classic.update(rows(det(cls=0)))
    assert classic.update(rows(det(cls=1)))[0, 4:7].tolist() == [1, pytest.approx(0.9), 1]


def test_8_the_buffer_counts_real_time():
    ours, classic = both(track_buffer=30)
    seconds = Tracker(track_buffer_s=0.5)
    for tracker, frames in ((ours, 11), (seconds, 6), (classic, 31)):
        tracker.update(rows(det()), timestamp=0.0)
        gone = next(n for n in range(1, 50) if 1 in (tracker.update(NONE, timestamp=n / 10), tracker.removed)[1])
        assert gone == frames


def test_9_an_empty_frame_keeps_its_columns():
    tracker = Tracker()
    for empty in (NONE, [], np.zeros(0)):
        tracks = tracker.update(empty)
        assert (tracks.shape, tracks.dtype) == ((0, 8), np.float64)
    turned = Tracker()
    assert turned.update(np.zeros((0, 7))).shape == (0, 9)
    turned.update(np.array([[50, 50, 20, 10, 0.3, 0.9, 0]]))
    assert turned.update([]).shape == (0, 9)


def test_10_conf_gates_births_only():
    conf = 0.3
    tracker = Tracker(birth_conf=conf)
    filtered = Tracker()  # the classic way: detections below conf never reach the tracker
    assert ids(tracker.update(rows(det(), det(score=0.28, shift=400)))) == [1]
    filtered.update(rows(det()))
    low = rows(det(score=0.2))
    assert ids(tracker.update(low)) == [1]
    assert ids(filtered.update(low[low[:, 4] >= conf])) == []
    assert tracker.born == 1


def test_lost_tracks_come_back_with_their_id():
    tracker = Tracker()
    tracker.update(rows(det()))
    tracker.update(NONE)
    assert tracker.lost.tolist() == [1]
    assert ids(tracker.update(rows(det()))) == [1]
    assert tracker.lost.tolist() == []
    assert tracker._state.ints[0, at.LENGTH] == 0
