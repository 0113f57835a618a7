"""Parameters of every tracker: documented, limited, checked."""

from dataclasses import FrozenInstanceError, fields

import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.params import (
    BoostTrackParams,
    BotSortParams,
    ByteTrackParams,
    CBIoUParams,
    Compat,
    FastTrackParams,
    HybridSortParams,
    OcSortParams,
    SortParams,
    TrackTrackParams,
    describe,
    known_names,
)

ALL = (
    ByteTrackParams,
    SortParams,
    OcSortParams,
    BotSortParams,
    CBIoUParams,
    HybridSortParams,
    TrackTrackParams,
    FastTrackParams,
    BoostTrackParams,
)


@pytest.mark.parametrize("params", ALL)
def test_every_parameter_says_what_it_means_and_its_search_range_lies_within_its_limits(params):
    for name, info in describe(params):
        assert len(info.doc) > 10, name
        assert info.within is None or info.parse is None
        if info.search and not isinstance(info.search[0], bool):
            low, high = info.within
            assert low <= info.search[0] < info.search[1] <= high, name


@pytest.mark.parametrize("params", ALL)
def test_docstrings_cite_their_paper_and_instances_are_frozen_and_slotted(params):
    assert "et al. 20" in params.__doc__
    made = params()
    with pytest.raises(FrozenInstanceError):
        made.match_thresh = 0.1
    assert not hasattr(made, "__dict__")
    assert known_names(params) == tuple(item.name for item in fields(params))


def test_defaults_are_those_users_know():
    assert (SortParams().match_thresh, SortParams().track_buffer, SortParams().min_hits) == (0.7, 1, 3)
    oc = OcSortParams()
    assert (oc.delta_t, oc.inertia, oc.use_byte, oc.track_high_thresh, oc.match_thresh) == (3, 0.2, False, 0.25, 0.8)
    bot = BotSortParams()
    assert (bot.gmc_method, bot.model) == (CameraMotionMethod.SPARSE_FLOW, "auto")
    assert (bot.proximity_thresh, bot.appearance_thresh, bot.with_reid) == (0.5, 0.8, False)
    assert ByteTrackParams().min_hits == 1


def test_seconds_replace_frames_and_conf_gates_births():
    for params in ALL:
        made = params(track_buffer_s=2.0, birth_conf=0.4)
        assert (made.buffer_frames, made.birth_thresh) == (60, 0.4)
    assert ByteTrackParams(compat="classic").compat is Compat.CLASSIC
    assert [params(**{}).classic for params in ALL] == [False] * len(ALL)


def test_the_lowest_useful_score_is_known():
    assert [params().lowest_score for params in ALL] == [0.1, 0.25, 0.25, 0.1, 0.25, 0.1, 0.1, 0.1, 0.1]
    assert OcSortParams(use_byte=True).lowest_score == 0.1


def test_camera_methods_are_read_in_any_case_and_none_is_none():
    assert BotSortParams(gmc_method="ORB").gmc_method is CameraMotionMethod.ORB
    assert BotSortParams(gmc_method=None).gmc_method is CameraMotionMethod.NONE


@pytest.mark.parametrize(
    ("params", "values", "sentence"),
    [
        (SortParams, {"min_hits": 1.5}, "min_hits=1.5 is not a whole number from 0 to 100"),
        (SortParams, {"pose_weight": 2}, "pose_weight=2 is not a number from 0 to 1"),
        (OcSortParams, {"delta_t": 0}, "delta_t=0 is not a whole number from 1 to 30"),
        (OcSortParams, {"use_byte": "yes"}, "use_byte='yes' is neither true nor false"),
        (OcSortParams, {"inertia": -0.1}, "inertia=-0.1 is not a number from 0 to 1"),
        (BotSortParams, {"gmc_method": "orbb"}, "gmc_method='orbb' is unknown (did you mean 'orb'?)"),
        (BotSortParams, {"model": "yolo11n-cls.pt"}, "model='yolo11n-cls.pt' is unknown"),
        (
            BotSortParams,
            {"track_low_thresh": 0.3},
            "track_low_thresh 0.3 must be below track_high_thresh 0.25: no detection could be low",
        ),
        (
            ByteTrackParams,
            {"compat": "classic", "min_hits": 3},
            'compat="classic" has no min_hits: it reproduces the published tracker',
        ),
    ],
)
def test_wrong_values_are_refused_with_the_value(params, values, sentence):
    with pytest.raises(TrackerError) as error:
        params(**values)
    assert error.value.what == sentence
    assert error.value.hint


def test_whole_numbers_come_out_as_integers():
    assert OcSortParams(delta_t=4.0).delta_t == 4
    assert isinstance(OcSortParams(delta_t=4.0).delta_t, int)
