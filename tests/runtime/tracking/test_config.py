"""From names, YAML files and keywords to parameters."""

import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.config import TrackerName, load_params
from numa_runtime.tracking.params import BotSortParams, ByteTrackParams


def test_defaults_are_those_of_the_bundled_yaml():
    assert load_params("bytetrack") == ByteTrackParams() == load_params("bytetrack.yaml")
    params = ByteTrackParams()
    known = (params.track_high_thresh, params.track_low_thresh, params.new_track_thresh, params.track_buffer)
    assert known == (0.25, 0.1, 0.25, 30)
    assert (params.match_thresh, params.fuse_score) == (0.8, True)


def test_overrides_replace_single_values():
    params = load_params(load_params("bytetrack", track_buffer=60), match_thresh=0.9)
    assert (params.track_buffer, params.match_thresh) == (60, 0.9)


def test_reads_a_yaml_with_tracker_type(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("tracker_type: bytetrack\ntrack_buffer: 50\nfuse_score: False\n")
    params = load_params(path)
    assert (params.track_buffer, params.fuse_score, params.match_thresh) == (50, False, 0.8)
    assert load_params(str(path), track_buffer=7).track_buffer == 7


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (
            "xyz.yaml",
            "there is no tracker 'xyz.yaml'; there is: bytetrack, sort, ocsort, botsort, cbiou, hybridsort, "
            "tracktrack, fasttrack, boosttrack",
        ),
        (
            "bytetrak",
            "there is no tracker 'bytetrak' (did you mean 'bytetrack'?); there is: bytetrack, sort, ocsort, botsort, "
            "cbiou, hybridsort, tracktrack, fasttrack, boosttrack",
        ),
        ("nowhere/mine.yaml", "nowhere/mine.yaml: no such tracker file"),
    ],
)
def test_an_unknown_tracker_is_named_with_those_there_are(word, sentence):
    with pytest.raises(TrackerError) as error:
        load_params(word)
    assert error.value.what == sentence
    assert "bytetrack" in error.value.hint


@pytest.mark.parametrize("name", list(TrackerName))
def test_tracker_names_carry_their_yaml_and_their_parameters(name):
    assert load_params(name) == load_params(f"{name}.yaml") == load_params(str(name.config)) == name.params_type()
    assert type(load_params(name)).tracker_type == name.value
    text = name.config.read_text()
    assert "et al. 20" in text
    assert f"numa_runtime/tracking/params/{name}.py" in text


def test_a_yaml_decides_whose_parameters_it_holds(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("tracker_type: botsort\ngmc_method: None\nappearance_thresh: 0.6\n")
    params = load_params(path, track_buffer=50)
    assert isinstance(params, BotSortParams)
    assert (params.gmc_method, params.appearance_thresh, params.track_buffer) == ("none", 0.6, 50)


@pytest.mark.parametrize(
    ("tracker", "name", "sentence"),
    [
        ("bytetrack", "delta_t", "bytetrack has no parameter 'delta_t'; it is a parameter of ocsort and hybridsort"),
        ("sort", "gmc_method", "sort has no parameter 'gmc_method'; it is a parameter of botsort"),
        (
            "sort",
            "fuse_score",
            "sort has no parameter 'fuse_score'; it is a parameter of bytetrack and ocsort and botsort and hybridsort "
            "and fasttrack",
        ),
        ("ocsort", "inertai", "ocsort has no parameter 'inertai' (did you mean 'inertia'?)"),
    ],
)
def test_a_parameter_of_another_tracker_says_whose_it_is(tracker, name, sentence):
    for load in (lambda: load_params(tracker, **{name: 1}), lambda: load_params(load_params(tracker), **{name: 1})):
        with pytest.raises(TrackerError) as error:
            load()
        assert error.value.what == sentence
        assert error.value.hint.startswith("its parameters: track_high_thresh")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"track_bufer": 1}, "bytetrack has no parameter 'track_bufer' (did you mean 'track_buffer'?)"),
        ({"match_thresh": 1.5}, "match_thresh=1.5 is not a number from 0 to 1"),
        ({"track_buffer": float("nan")}, "track_buffer=nan is not a number from 0 to 1e+06"),
        ({"track_high_thresh": "0.5"}, "track_high_thresh='0.5' is not a number from 0 to 1"),
        ({"new_track_thresh": True}, "new_track_thresh=True is not a number from 0 to 1"),
        ({"fuse_score": "yes"}, "fuse_score='yes' is neither true nor false"),
        ({"compat": "clasic"}, "compat='clasic' is unknown (did you mean 'classic'?)"),
        (
            {"track_low_thresh": 0.3},
            "track_low_thresh 0.3 must be below track_high_thresh 0.25: no detection could be low",
        ),
        (
            {"compat": "classic", "per_class": True},
            'compat="classic" has no per_class: it reproduces the published tracker',
        ),
    ],
)
def test_wrong_values_are_refused_with_the_value(values, sentence):
    with pytest.raises(TrackerError) as error:
        load_params("bytetrack", **values)
    assert error.value.what == sentence
    assert error.value.hint


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("- 1\n- 2\n", "holds no parameters"),
        ("a: [1\n", "cannot be read as a tracker YAML"),
        ("tracker_type: deepsort\n", "there is no tracker 'deepsort'"),
        ("tracker_type: bytetrack\ngmc_method: orb\n", "bytetrack has no parameter 'gmc_method'"),
    ],
)
def test_a_bad_yaml_is_refused(tmp_path, text, part):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(TrackerError, match=part):
        load_params(path)
