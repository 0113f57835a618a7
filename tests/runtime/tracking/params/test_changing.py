"""What may change of a running tracker, and what it does then."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.tracking import Tracker, load_params
from numa_runtime.tracking.balls import load_ball_params
from numa_runtime.tracking.config import TrackerName
from numa_runtime.tracking.params import describe
from numa_runtime.tracking.params.changing import check_change

BOX = [100.0, 100.0, 160.0, 260.0, 0.9, 0.0]


def another(name, info, value):
    """Return a value that the parameter does not have."""
    if isinstance(value, bool):
        return not value
    if name == "compat":
        return "classic"
    if name == "state":
        return "xyxy"
    return 0.5 * (value + info.within[1]) if not info.whole else int(value) + 1


def fixed(params):
    return [(name, info) for name, info in describe(type(params)) if info.fixed]


@pytest.mark.parametrize("tracker", list(TrackerName))
def test_every_fixed_parameter_is_named(tracker):
    params = load_params(tracker.value)
    assert {"frame_rate", "pose_weight"} <= {name for name, _ in fixed(params)}
    for name, info in fixed(params):
        new = another(name, info, getattr(params, name))
        with pytest.raises(TrackerError, match=rf"{name} cannot change from .* while there are tracks: {info.fixed}"):
            check_change(params, replace(params, **{name: new}))


@pytest.mark.parametrize("tracker", list(TrackerName))
def test_what_is_not_fixed_changes_under_the_same_ids(tracker):
    """Every parameter that the memory does not depend on may change; the block keeps its shape."""
    params = load_params(tracker.value)
    for name, info in describe(type(params)):
        if info.fixed or info.within is None or info.parse or name == "track_low_thresh":
            continue
        follows = Tracker(params)
        for _ in range(3):
            before = follows.update([BOX])
        low, high = info.within
        new = int(low + 1) if info.whole else low + 0.9 * min(1, high - low)
        follows.change(replace(params, **{name: new}))
        assert getattr(follows.params, name) == new
        after = follows.update([BOX])
        assert set(after[:, 4]) <= set(before[:, 4])


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_changing_to_the_same_values_changes_nothing(at, seed):
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 300, (15, 4, 2))
    frames = [np.c_[low, low + 80, rng.random(4), np.zeros(4)] for low in corners]
    plain, changed = Tracker("ocsort"), Tracker("ocsort")
    for number, frame in enumerate(frames):
        if number == at:
            changed.change(load_params("ocsort"))
        np.testing.assert_array_equal(changed.update(frame), plain.update(frame))


def test_the_camera_goes_on_or_begins():
    follows = Tracker("botsort")
    camera = follows._camera
    follows.change(load_params("botsort", track_high_thresh=0.7))
    assert follows._camera is camera
    assert camera.track_high_thresh == 0.7
    follows.change(load_params("botsort", gmc_method="none"))
    assert not follows.wants_frames


def test_poses_that_were_seen_stay():
    params = load_params(pose_weight=0.3)
    follows = Tracker(params)
    keypoints = np.random.default_rng(0).uniform(100, 160, (1, 17, 2))
    follows.update([BOX], keypoints=keypoints)
    follows.change(replace(params, match_thresh=0.7))
    assert follows.update([BOX], keypoints=keypoints)[0, 4] == 1


def test_another_tracker_is_refused():
    with pytest.raises(TrackerError, match="bytetrack is following; it cannot become sort and keep its ids"):
        check_change(load_params(), load_params("sort"))
    with pytest.raises(TrackerError, match="frame_rate cannot change"):
        check_change(load_ball_params(), load_ball_params(frame_rate=60))
