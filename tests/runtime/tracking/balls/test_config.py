import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.balls.config import load_ball_params
from numa_runtime.tracking.balls.noise import Noise
from numa_runtime.tracking.balls.params import BallTrackParams
from numa_runtime.tracking.params.info import describe


def test_defaults_are_those_of_the_bundled_yaml():
    assert load_ball_params() == BallTrackParams() == load_ball_params("balltrack.yaml")


def test_every_parameter_says_what_it_means_and_is_searched_within_its_limits():
    for name, info in describe(BallTrackParams):
        assert len(info.doc) > 10, name
        if info.search and not isinstance(info.search[0], bool):
            low, high = info.within
            assert low <= info.search[0] < info.search[1] <= high, name


def test_reads_a_yaml_and_replaces_single_values(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("tracker_type: balltrack\ngate: 5\nuse_next: False\n")
    params = load_ball_params(str(path), max_step=80)
    assert (params.gate, params.use_next, params.max_step) == (5, False, 80)
    assert load_ball_params(params, gate=3).gate == 3


def test_seconds_replace_frames_and_conf_gates_births():
    params = BallTrackParams(track_buffer_s=0.5, birth_conf=0.4)
    assert (params.buffer_frames, params.birth_thresh) == (15, 0.4)


def test_lengths_follow_the_frame():
    small, large = Noise.of(BallTrackParams()), Noise.of(BallTrackParams(), 1280)
    assert (large.max_step, large.position) == (2 * small.max_step, 4 * small.position)
    assert large.gate == small.gate


@pytest.mark.parametrize(
    ("tracker", "values", "sentence"),
    [
        ("ball", {}, "there is no ball tracker 'ball' (did you mean 'balltrack'?); there is: balltrack"),
        ("here/x.yaml", {}, "here/x.yaml: no such tracker file"),
        ("balltrack", {"gates": 3}, "balltrack has no parameter 'gates' (did you mean 'gate'?)"),
        ("balltrack", {"gate": 0}, "gate=0 is not a number from 0.5 to 20"),
        ("balltrack", {"confirm_hits": 1.5}, "confirm_hits=1.5 is not a whole number from 1 to 100"),
        (
            "balltrack",
            {"track_low_thresh": 0.5},
            "track_low_thresh 0.5 is above new_track_thresh 0.25: a ball could start that nothing may extend",
        ),
    ],
)
def test_what_cannot_be_meant(tracker, values, sentence):
    with pytest.raises(TrackerError) as error:
        load_ball_params(tracker, **values)
    assert error.value.what == sentence
    assert error.value.hint


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("- 1\n", "holds no parameters"),
        ("a: [1\n", "cannot be read as a tracker YAML"),
        ("tracker_type: bytetrack\n", "tracker_type 'bytetrack' does not follow balls"),
        ("tracker_type: balltrack\nmatch_thresh: 1\n", "balltrack has no parameter 'match_thresh'"),
    ],
)
def test_a_bad_yaml_is_refused(tmp_path, text, part):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(TrackerError, match=part):
        load_ball_params(path)
