from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_benchmarks.tune.space import BELOW, search_space
from numa_runtime.errors import UsageError
from numa_runtime.tracking import load_params
from numa_runtime.tracking.config import TrackerName
from numa_runtime.tracking.params import describe

TRACKERS = [name.value for name in TrackerName if "ball" not in name.value]


class Drawn:
    """An optuna trial whose values hypothesis draws."""

    def __init__(self, data):
        self.data = data

    def suggest_float(self, name, low, high):
        assert low <= high
        return self.data.draw(st.floats(low, high), label=name)

    def suggest_int(self, name, low, high):
        return self.data.draw(st.integers(low, high), label=name)

    def suggest_categorical(self, name, choices):
        return self.data.draw(st.sampled_from(list(choices)), label=name)


@pytest.mark.parametrize("tracker", TRACKERS)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_no_suggestion_is_illegal(tracker, data):
    """Parameters check themselves, so making them is the test; ranges are the parameters' own."""
    space = search_space(load_params(tracker), classes=2)
    params = space.suggest(Drawn(data))
    for name, info in describe(type(params)):
        value = getattr(params, name)
        if info.search is None:
            assert value == getattr(space.start, name)
        elif isinstance(value, bool):
            assert value in info.search
        elif name not in BELOW:
            assert info.search[0] <= value <= info.search[1]


@given(data=st.data(), high=st.floats(0.05, 1), share=st.floats(0, 0.99))
@settings(max_examples=100, deadline=None)
def test_no_suggestion_is_illegal_wherever_the_search_starts(data, high, share):
    start = load_params("bytetrack", track_high_thresh=high, track_low_thresh=high * share, track_buffer=400)
    space = search_space(start)
    params = space.suggest(Drawn(data))
    assert params.track_low_thresh < params.track_high_thresh
    only_low = search_space(start, only=["track_low_thresh"]).suggest(Drawn(data))
    assert only_low.track_low_thresh < start.track_high_thresh


@given(high=st.floats(0.1, 0.9), low=st.floats(0.01, 0.09), fuse=st.booleans(), buffer=st.integers(1, 300))
@settings(max_examples=50, deadline=None)
def test_the_start_lies_inside(high, low, fuse, buffer):
    start = load_params(
        "bytetrack",
        track_high_thresh=round(high, 3),
        track_low_thresh=round(low, 3),
        fuse_score=fuse,
        track_buffer=buffer,
    )
    space = search_space(start)
    decoded = space.decode(space.encode(start))
    assert decoded == replace(start, track_low_thresh=decoded.track_low_thresh)
    assert decoded.track_low_thresh == pytest.approx(start.track_low_thresh, abs=6e-4)
    for axis in space.axes:
        value = getattr(start, axis.name)
        assert value in axis.choices if axis.choices else axis.low <= value <= axis.high


def names(space):
    return {axis.name for axis in space.axes}


def test_what_cannot_matter_is_left_out():
    start = load_params("bytetrack")
    assert not {"per_class", "pose_weight"} & names(search_space(start))  # one class, and boxes only
    assert "per_class" in names(search_space(start, classes=2))
    assert {"track_high_thresh", "match_thresh", "second_match_thresh"} <= names(search_space(start))
    assert "track_buffer" not in names(search_space(load_params("bytetrack", track_buffer_s=1.0)))
    classic = names(search_space(load_params("bytetrack", compat="classic"), classes=2))
    assert "per_class" not in classic
    assert {"track_low_thresh", "track_high_thresh"} <= classic


def test_some_parameters_only():
    assert names(search_space(load_params("bytetrack"), only=["match_thresh"])) == {"match_thresh"}
    with pytest.raises(UsageError, match=r"'match_tresh' is not a parameter that can be tuned \(did you mean"):
        search_space(load_params("bytetrack"), only=["match_tresh"])
    with pytest.raises(UsageError, match="'frame_rate' is not a parameter that can be tuned"):
        search_space(load_params("bytetrack"), only=["frame_rate"])
    with pytest.raises(UsageError, match="no parameter to search"):
        search_space(load_params("bytetrack"), only=["per_class"])


def test_whole_numbers_stay_whole():
    axis = next(axis for axis in search_space(load_params("bytetrack")).axes if axis.name == "track_buffer")
    assert axis.whole


def test_known_points_come_after_the_start():
    start = load_params("bytetrack", track_buffer=77)
    first, second = search_space(start).known()
    assert first == start
    assert (second.track_high_thresh, second.new_track_thresh, second.match_thresh) == (0.6, 0.7, 0.9)
    assert second.track_buffer == 77
    (alone,) = search_space(start, only=["track_buffer"]).known()
    assert alone == start
    high = load_params("bytetrack", track_high_thresh=0.9, track_low_thresh=0.65)
    assert search_space(high, only=["track_high_thresh"]).known() == (high,)


def test_what_is_proposed_is_tried_early_as_far_as_it_is_searched():
    start = load_params("bytetrack")
    proposed = {"track_high_thresh": 0.33, "new_track_thresh": 0.44, "match_thresh": 0.9}
    known = replace(search_space(start), proposed=proposed).known()
    assert replace(start, **proposed) in known
    known = replace(search_space(start, only=["match_thresh"]), proposed=proposed).known()
    assert known[-1] == replace(start, match_thresh=0.9)
