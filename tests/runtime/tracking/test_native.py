import ctypes

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.tracking import Tracker
from numa_runtime.tracking.config import TrackerName
from numa_runtime.tracking.native import NativeTracker

FUNCTION = ctypes.CFUNCTYPE(
    ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
)


class FromC:
    """Calls a native tracker as C does."""

    def __init__(self, *arguments, **words):
        self.native = NativeTracker(*arguments, **words)
        self._update = FUNCTION(self.native.update)
        self._tracks = np.full((self.native.most, 8), np.nan)

    def __call__(self, detections, passed=1.0):
        rows = np.ascontiguousarray(detections, np.float64).reshape(-1, 6)
        found = self._update(self.native.handle, rows.ctypes.data, len(rows), passed, self._tracks.ctypes.data)
        return found if found < 0 else self._tracks[:found].copy()


def frames(seed, count, objects=12):
    rng = np.random.default_rng(seed)
    places, speeds = rng.uniform(0, 400, (objects, 2)), rng.normal(0, 5, (objects, 2))
    for _ in range(count):
        places += speeds
        seen = rng.random(objects) < 0.85
        scores = rng.uniform(0.05, 1, objects)
        yield np.column_stack([places, places + np.array([40, 70]), scores, rng.integers(0, 2, objects)])[seen]


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**16),
    name=st.sampled_from([str(name) for name in TrackerName]),
    passed=st.sampled_from([1.0, 0.5, 2.0]),
)
def test_c_gets_the_tracks_that_python_gets(seed, name, passed):
    words = {"gmc_method": "none"} if name == "botsort" else {}
    called, tracker = FromC(name, **words), Tracker(name, **words)
    rate = tracker.params.frame_rate
    for number, detections in enumerate(frames(seed, 40)):
        expected = tracker.update(detections, timestamp=number * passed / rate)
        found = called(detections, passed if number else 1.0)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
        assert found[:, 4].tolist() == expected[:, 4].tolist()


def test_trackers_are_apart_and_an_empty_frame_is_one():
    one, other = FromC(), FromC()
    box = [[10, 10, 50, 90, 0.9, 0]]
    assert one(box)[:, 4].tolist() == [1]
    assert one(np.zeros((0, 6))).shape == (0, 8)
    assert one(box)[:, 4].tolist() == [1]
    assert other(box)[:, 4].tolist() == [1]


def test_what_cannot_be_done_is_a_negative_number_and_changes_nothing():
    called, tracker = FromC(most=8), Tracker()
    before = [[30 * k, 10, 30 * k + 20, 60, 0.9, 0] for k in range(4)]
    for _ in range(2):
        np.testing.assert_array_equal(called(before), tracker.update(np.array(before, float)))
    assert called([[30 * k, 10, 30 * k + 20, 60, 0.9, 0] for k in range(5)]) == -1
    assert called([[10, 10, 50, 90, 90, 0]]) == -3
    np.testing.assert_array_equal(called(before), tracker.update(np.array(before, float)))


def test_a_crowd_of_overlapping_boxes_takes_memory_on_the_spot_and_stays_right():
    crowd = np.column_stack([np.tile([0, 0, 100, 100], (200, 1)) + np.arange(200)[:, None] * 0.1, np.full(200, 0.9)])
    crowd = np.column_stack([crowd, np.zeros(200)])
    called, tracker = FromC(most=450), Tracker()
    for _ in range(4):
        np.testing.assert_array_equal(called(crowd), tracker.update(crowd))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"tracker": "botsort"}, "botsort with gmc_method needs more than boxes"),
        ({"tracker": "botsort", "gmc_method": "none", "with_reid": True}, "botsort with with_reid needs more"),
        ({"pose_weight": 0.5}, "bytetrack with pose_weight needs more"),
        ({"most": 0}, "most is 0"),
    ],
)
def test_what_c_cannot_give_is_refused(words, why):
    with pytest.raises(TrackerError, match=why):
        NativeTracker(**words)
