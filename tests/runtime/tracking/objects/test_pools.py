"""Lists of tracks as sets."""

import numpy as np

from numa_runtime.tracking.objects import (
    BYTETracker,
    STrack,
    joint_stracks,
    merge_track_pools,
    remove_duplicate_stracks,
    sub_stracks,
)


def track(x, start=1, end=1):
    made = STrack([x, 50.0, 40, 80, 0], 0.9, 0)
    made.activate(None, start)
    made.frame_id = end
    return made


def test_join_and_subtract_go_by_id_and_keep_the_order():
    a, b, c = track(0), track(100), track(200)
    assert joint_stracks([b, a], [a, c, c]) == [b, a, c]
    assert sub_stracks([c, b, a], [b]) == [c, a]
    assert BYTETracker.joint_stracks([a], [b]) == [a, b]
    assert BYTETracker.sub_stracks([a], [a]) == []


def test_of_two_duplicates_the_shorter_lived_goes():
    old, young, other = track(50, 1, 9), track(51, 5, 9), track(300, 1, 2)
    assert remove_duplicate_stracks([young, other], [old]) == ([other], [old])
    assert remove_duplicate_stracks([old], [young, other]) == ([old], [other])
    same = track(50, 1, 9)
    assert remove_duplicate_stracks([old], [same]) == ([], [same])


def test_the_threshold_is_the_callers():
    a, b = track(50, 1, 9), track(60, 5, 9)  # IoU 0.6
    assert remove_duplicate_stracks([a], [b]) == ([a], [b])
    assert remove_duplicate_stracks([a], [b], dup_thresh=0.5) == ([a], [])
    assert BYTETracker.remove_duplicate_stracks([a], [], 0.5) == ([a], [])


def test_pools_are_merged_by_state():
    tracker = BYTETracker({})
    low = np.array([[0.0, 0], [100, 0], [200, 0], [300, 0]])
    tracker.update(np.column_stack([low, low + 40, np.full(4, 0.9), np.zeros(4)]))
    stays, goes, removed, ends = tracker.tracked_stracks
    goes.mark_lost()
    removed.mark_removed()
    ends.mark_removed()
    stranger = track(700)
    merge_track_pools(tracker, [stranger], [], [goes], [removed], removed_buffer=1)
    assert tracker.tracked_stracks == [stays, stranger]
    assert tracker.lost_stracks == [goes]
    assert tracker.removed_stracks == [removed]
    assert (ends.track_id, ends._home is not tracker._store) == (4, True)
    goes.re_activate(track(120), 2)
    merge_track_pools(tracker, [], [goes], [], [], removed_buffer=1)
    assert tracker.tracked_stracks == [stays, stranger, goes]
    assert tracker.lost_stracks == []
