"""FastTracker: who is covered stays tracked for a while, and falls back to how it was before."""

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.explain import Recorder
from numa_runtime.tracking.params import FastTrackParams
from numa_runtime.tracking.tracker import Tracker

STILL = {"reset_velocity_offset_occ": 0, "dampen_motion_occ": 1.0}


def box(x, y=100.0, w=40.0, h=100.0, score=0.9):
    return [x - w / 2, y - h / 2, x + w / 2, y + h / 2, score, 0.0]


def behind(share, hidden, tracker):
    """Let A be missing for `hidden` frames where B covers this share of it; return their rows, and those after them."""
    a, b = box(300), box(330 + (1 - share) * 40, w=100, h=200)
    for _ in range(12):
        tracker.update(np.array([a, b]))
    rows = [tracker.update(np.array([b])) for _ in range(hidden)]
    return rows, tracker.update(np.array([a, b]))


def times_shown(rows, number=1):
    return [number in row[:, 4] for row in rows]


def test_who_is_covered_is_reported_throughout_and_keeps_its_id():
    rows, after = behind(0.9, 8, Tracker("fasttrack"))
    assert times_shown(rows) == [True] * 8
    assert [row[row[:, 4] == 1, 7].tolist() for row in rows] == [[-1.0]] * 8
    assert dict(after[:, [7, 4]].tolist()) == {0: 1, 1: 2}


def test_who_is_covered_for_long_is_lost_in_the_tenth_frame():
    rows, after = behind(0.9, 12, Tracker("fasttrack"))
    assert times_shown(rows) == [True] * 9 + [False] * 3
    assert dict(after[:, [7, 4]].tolist()) == {0: 1, 1: 2}


def test_who_is_covered_too_little_is_lost_in_the_third():
    rows, _ = behind(0.6, 5, Tracker("fasttrack"))
    assert times_shown(rows) == [True, True, False, False, False]


def test_frames_are_counted_in_time():
    tracker, b = Tracker("fasttrack"), box(304, w=100, h=200)
    for frame in range(12):
        tracker.update(np.array([box(300), b]), timestamp=frame / 60)
    shown = [1 in tracker.update(np.array([b]), timestamp=(12 + k) / 60)[:, 4] for k in range(20)]
    assert shown == [True] * 18 + [False] * 2  # 9 frames at 30 a second


@pytest.mark.parametrize(("window", "at_its_end"), [(40, 41), (0, 10)])
def test_who_was_covered_outlives_the_buffer(window, at_its_end):
    tracker, b = Tracker("fasttrack", track_buffer=8, occ_reappear_window=window), box(304, w=100, h=200)
    for _ in range(12):
        tracker.update(np.array([box(300), b]))
    ended = [1 in (tracker.update(np.array([b])), tracker.removed)[1] for _ in range(45)]
    assert ended.index(True) == at_its_end  # without the window in the frame after it was lost


def test_a_covered_track_falls_back_once():
    """The last boxes before it is gone are those of half an object: 40 wide, then 34, 28, 22."""
    tracker, b = Tracker("fasttrack", **STILL), box(360, w=150, h=200)
    seen = [tracker.update(np.array([box(280 + width / 2, w=width), b]))[0] for width in (*[40] * 10, 34, 28, 22)]
    hidden = [tracker.update(np.array([box(310, w=150, h=200)])) for _ in range(2)]
    before, first, second = seen[-3], *(rows[rows[:, 4] == 1][0] for rows in hidden)
    sides = {name: row[2:4] - row[:2] for name, row in (("before", before), ("first", first), ("second", second))}
    np.testing.assert_allclose(first[:2] + first[2:4], before[:2] + before[2:4])
    np.testing.assert_allclose(sides["first"], 1.1 * sides["before"])
    assert sides["second"][1] == pytest.approx(sides["first"][1])  # not enlarged again


def test_of_a_young_track_the_oldest_state_counts():
    tracker, b = Tracker("fasttrack", **STILL), box(310, w=150, h=200)
    for _ in range(2):
        tracker.update(np.array([box(300), b]))
    rows = tracker.update(np.array([b]))
    assert rows[rows[:, 4] == 1][0, [0, 2]] == pytest.approx([278, 322])  # 1.1 x the very first box


def test_rotated_boxes_are_never_covered():
    tracker, other = Tracker("fasttrack"), [300.0, 200, 200, 200, 0.0, 0.9, 0]
    for _ in range(8):
        tracker.update(np.array([[300.0, 200, 40, 60, 0.0, 0.9, 0], other]))
    shown = [1 in tracker.update(np.array([other]))[:, 5] for _ in range(5)]
    assert shown == [True, True, False, False, False]


def test_no_track_starts_on_a_track():
    for limit, born in ((0.8, 1), (0.95, 2)):
        tracker = Tracker("fasttrack", init_iou_suppress=limit)
        for frame in range(6):
            tracker.update(np.array([box(300), box(302, score=0.8)][: 1 + (frame > 0)]))  # IoU .90
        assert tracker.born == born


def test_a_yaml_of_ultralytics_is_read_as_it_is(tmp_path):
    path = tmp_path / "fasttrack.yaml"
    path.write_text(
        "tracker_type: fasttrack\ndampen_motion_occ: 0.5\ninit_iou_suppress: 0.7\nreset_pos_offset_occ: 3\n"
    )
    params = Tracker(path).params
    assert (type(params), params.dampen_motion_occ, params.init_iou_suppress) == (FastTrackParams, 0.5, 0.7)


def test_what_is_remembered_cannot_change_while_there_are_tracks():
    tracker = Tracker("fasttrack")
    tracker.change(FastTrackParams(coast_frames=4))
    with pytest.raises(TrackerError, match="reset_pos_offset_occ cannot change from 3 to 6 while there are tracks"):
        tracker.change(FastTrackParams(reset_pos_offset_occ=6))


def test_its_explanation_tells_the_frames_it_was_not_seen_in():
    recorder = Recorder(Tracker("fasttrack"))
    behind(0.9, 12, recorder)
    course = recorder.explain(1).course
    assert [state.value for state in course.states[12:24]] == ["tracked, but not seen"] * 9 + ["lost"] * 3
    assert "lost" in [event.kind.value for event in recorder.explain(1).events]
