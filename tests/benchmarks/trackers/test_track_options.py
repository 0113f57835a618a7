import pytest

from numa_benchmarks.trackers.track_options import TrackOptions
from numa_runtime.errors import TrackerError, UsageError
from numa_runtime.tracking.config import TrackerName


def test_all_trackers_of_the_house_unless_told():
    assert TrackOptions().trackers == tuple(TrackerName)


def test_quick_is_less_of_everything_and_what_is_given_wins():
    quick, usual = TrackOptions.of({"rounds": 5, "quick": True}), TrackOptions()
    assert quick.rounds == 5
    assert max(quick.objects) < max(usual.objects)
    assert len(quick.crowd) < len(usual.crowd)
    assert quick.soak_frames < usual.soak_frames


def test_slow_scenes_have_fewer_frames():
    options = TrackOptions()
    assert options.frames_at(10) == 400 > options.frames_at(100) > options.frames_at(10_000) == 40
    assert TrackOptions(frames=7).frames_at(10) == 7


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"trackers": ()}, "a tracker at least"),
        ({"objects": (10, 0)}, "--objects 0: a scene has one object at least"),
        ({"crowd": (-1,)}, "--crowd -1"),
        ({"rounds": 0}, "--rounds is 0; it must be 1 or more"),
        ({"soak_frames": -1}, "--soak-frames is -1; it must be 0 or more"),
        ({"frames": 1}, "--frames is 1"),
        ({"detections": "a"}, "--detections needs the truth"),
        ({"round": 3}, "did you mean 'rounds'"),
        ({"half": True}, "has no setting 'half'"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(words, sentence):
    with pytest.raises(UsageError, match=sentence):
        TrackOptions.of(words)


def test_an_unknown_tracker_names_those_there_are():
    with pytest.raises(TrackerError, match="did you mean 'bytetrack'"):
        TrackOptions(trackers=("bytetrak",))
