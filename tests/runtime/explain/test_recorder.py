import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from explain_scenes import box, walk
from hypothesis import given, settings
from hypothesis import strategies as st
from posed_scene import scene

from numa_runtime.errors import TrackerError
from numa_runtime.explain import Recorder
from numa_runtime.results import Detections
from numa_runtime.tracking.tracker import Tracker

GOOD = np.array([box(100)])


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from(["modern", "classic"]))
def test_rows_are_those_without_a_recorder_bit_for_bit(seed, timed, compat):
    recorder, plain = Recorder(Tracker(compat=compat)), Tracker(compat=compat)
    for number, frame in enumerate(walk(seed)):
        timestamp = number / 25 if timed else None
        assert np.array_equal(recorder.update(frame, timestamp=timestamp), plain.update(frame, timestamp=timestamp))
    recorder.explain(1)
    assert np.array_equal(recorder.update(walk(seed)[0], timestamp=99.0 if timed else None),
                          plain.update(walk(seed)[0], timestamp=99.0 if timed else None))  # fmt: skip


def test_explaining_in_the_middle_changes_nothing():
    recorder, plain = Recorder(Tracker()), Tracker()
    for frame in walk(3):
        assert np.array_equal(recorder.update(frame), plain.update(frame))
        if plain.born:
            recorder.explain(1)


def test_a_tracker_that_has_begun_cannot_be_recorded():
    tracker = Tracker()
    tracker.update(GOOD)
    with pytest.raises(TrackerError) as error:
        Recorder(tracker)
    assert error.value.what == "this tracker has taken 1 frames that were not recorded"
    assert "reset()" in error.value.hint


def test_reset_forgets():
    recorder = Recorder(Tracker())
    recorder.update(GOOD)
    recorder.reset()
    with pytest.raises(TrackerError, match="nothing was tracked"):
        recorder.explain(1)
    recorder.update(GOOD)
    assert len(recorder.explain(1).events) == 1


def test_it_has_what_the_tracker_has():
    recorder = Recorder(Tracker(track_buffer=0))
    recorder.update(GOOD)
    recorder.update(np.zeros((0, 6)))
    recorder.update(np.zeros((0, 6)))
    assert (recorder.frames, recorder.born, recorder.removed.tolist()) == (3, 1, [1])
    assert recorder.params.track_buffer == 0
    with pytest.raises(AttributeError):
        _ = recorder.no_such_thing


def test_what_the_caller_changes_later_is_not_recorded():
    recorder, frame = Recorder(Tracker()), GOOD.copy()
    rows = recorder.update(frame)
    frame[:], rows[:] = 0, 0
    recorder.update(GOOD)
    assert len(recorder.explain(1).course.seen) == 2


def test_a_recording_that_was_tampered_with_is_refused():
    recorder = Recorder(Tracker())
    recorder.update(GOOD)
    recorder.moments[0].rows[0, 0] += 1
    with pytest.raises(TrackerError, match="frame 1 cannot be replayed"):
        recorder.explain(1)


def test_bad_detections_leave_no_trace():
    recorder = Recorder(Tracker())
    recorder.update(GOOD)
    with pytest.raises(TrackerError):
        recorder.update(np.zeros((1, 5)))
    assert len(recorder.moments) == 1


def test_warps_are_replayed():
    warp = np.array([[1.0, 0, 30], [0, 1, 0]])
    recorder = Recorder(Tracker())
    for step in range(4):
        recorder.update(GOOD + np.array([30 * step, 0, 30 * step, 0, 0, 0]), warp=warp if step else None)
    assert len(recorder.explain(1).course.seen) == 4


def test_unusable_rows_are_passed_over():
    bad = np.vstack([GOOD, GOOD, GOOD])
    bad[1, 0], bad[2, 2] = np.nan, bad[2, 0]
    recorder = Recorder(Tracker())
    recorder.update(bad)
    recorder.update(bad[1:])
    assert recorder.explain(1).events[-1].text == "Nothing at all was detected in this frame."


def test_frames_can_be_called_otherwise():
    recorder = Recorder(Tracker())
    for number in (10, 20, 30):
        recorder.update(GOOD, frame=np.full((8, 8, 3), number, np.uint8))
        recorder.call_last(number, number / 5)
    explanation = recorder.explain(1)
    assert "frames 10-30 (2.00-6.00 s)" in explanation.headline
    assert explanation.footage.get(20).mean() == pytest.approx(20, abs=2)
    assert explanation.footage.get(2) is None


def test_a_recorder_can_be_copied_and_pickled():
    recorder = Recorder(Tracker())
    recorder.update(GOOD)
    for twin in (copy.copy(recorder), pickle.loads(pickle.dumps(recorder.moments))):
        assert twin is not recorder
    for twin in (copy.deepcopy(recorder), pickle.loads(pickle.dumps(recorder))):
        twin.update(GOOD)
        assert (twin.frames, recorder.frames) == (2, 1)
        assert len(twin.explain(1).course.seen) == 2


def test_words_do_without_opencv():
    code = (
        "import sys; sys.modules['cv2'] = None\n"
        "from numa_deploy import Recorder, Tracker\n"
        "recorder = Recorder(Tracker())\n"
        "recorder.update([[100, 50, 140, 150, 0.9, 0]])\n"
        "print(recorder.explain(1), recorder.overview())"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_a_recording_with_poses_is_replayed_and_explained():
    recorder = Recorder(Tracker(pose_weight=0.5))
    for rows, keypoints, _ in scene(np.random.default_rng(3), frames=12):
        recorder.update(Detections.of(rows[:, :4], rows[:, 4], rows[:, 5], keypoints))
    assert len(recorder.analysis().scenes) == 12  # a replay that differs raises
    assert str(recorder.explain(1))
