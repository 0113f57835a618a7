"""Whose threshold counts: the user's word, the user's YAML, the model's contract, the tracker's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.tracking import load_params
from numa_runtime.tracking.config import TrackerName
from numa_runtime.tracking.model_thresholds import model_thresholds, said_of

SUITS = {"track_high_thresh": 0.5, "new_track_thresh": 0.6, "match_thresh": 0.85}
LEVEL = st.sampled_from([0.15, 0.25, 0.3, 0.45, 0.5, 0.6, 0.7, 0.9])


def params_of(tracker, suits, **given):
    return load_params(tracker, **{**model_thresholds(tracker, suits, given), **given})


def test_without_words_the_contract_counts_and_without_a_contract_nothing_changes():
    assert model_thresholds("bytetrack", SUITS) == SUITS
    assert model_thresholds("bytetrack.yaml", SUITS) == SUITS
    assert params_of("bytetrack", {}) == load_params("bytetrack")


def test_a_word_stands_before_the_contract():
    assert model_thresholds("bytetrack", SUITS, {"match_thresh": 0.7, "track_high_thresh": 0.3}) == {
        "new_track_thresh": 0.6
    }


def test_the_users_yaml_stands_before_the_contract_name_by_name(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("tracker_type: bytetrack\ntrack_high_thresh: 0.4\n")
    assert model_thresholds(path, SUITS) == {"new_track_thresh": 0.6, "match_thresh": 0.85}
    params = params_of(str(path), SUITS, match_thresh=0.75)
    assert (params.track_high_thresh, params.new_track_thresh, params.match_thresh) == (0.4, 0.6, 0.75)


@pytest.mark.parametrize("name", list(TrackerName))
def test_every_tracker_takes_what_it_has(name):
    params, own = params_of(name, {**SUITS, "track_low_thresh": 0.12}), load_params(name)
    assert (params.track_high_thresh, params.new_track_thresh) == (0.5, 0.6)
    assert params.match_thresh == (0.85 if getattr(own, "fuse_score", False) else own.match_thresh)
    assert getattr(params, "track_low_thresh", 0.12) == 0.12


def test_the_limit_of_a_cost_without_scores_is_the_trackers():
    assert "match_thresh" not in model_thresholds("bytetrack", SUITS, {"fuse_score": False})
    assert "match_thresh" in model_thresholds("hybridsort", SUITS, {"fuse_score": True})


@pytest.mark.parametrize(
    ("given", "high", "new"),
    [
        ({"birth_conf": 0.3}, 0.3, 0.3),
        ({"birth_conf": 0.55}, 0.5, 0.55),
        ({"birth_conf": 0.9}, 0.5, 0.6),
        ({"birth_conf": 0.05}, 0.25, 0.25),
        ({"new_track_thresh": 0.4}, 0.4, 0.4),
        ({"new_track_thresh": 0.3, "birth_conf": 0.7}, 0.5, 0.3),
    ],
)
def test_who_asks_for_faint_births_gets_them(given, high, new):
    params = params_of("bytetrack", SUITS, **given)
    assert (params.track_high_thresh, params.new_track_thresh) == (high, new)


@given(LEVEL, st.none() | LEVEL, st.none() | LEVEL)
def test_births_begin_where_the_user_asks_for_them_or_where_the_contract_does(conf, high, new):
    """No contract keeps a detection from beginning a track that the same words would have let begin without it..."""
    words = {"birth_conf": conf, "track_high_thresh": high, "new_track_thresh": new}
    words = {name: value for name, value in words.items() if value is not None}
    plain, suited = load_params("bytetrack", **words), params_of("bytetrack", SUITS, **words)
    gate = max(plain.birth_thresh, plain.track_high_thresh)
    assert gate <= max(suited.birth_thresh, suited.track_high_thresh) <= max(gate, 0.6)  # ... but up to the contract's
    if conf <= 0.5 and high is None and new is None:
        assert max(suited.birth_thresh, suited.track_high_thresh) == max(conf, 0.25)


def test_a_low_threshold_that_leaves_no_low_detection_gives_way():
    suits = {"track_low_thresh": 0.3, "track_high_thresh": 0.5}
    assert params_of("bytetrack", suits).track_low_thresh == 0.3
    assert params_of("bytetrack", suits, track_high_thresh=0.2).track_low_thresh == 0.1


def test_wrong_words_are_told_by_those_who_judge_them():
    with pytest.raises(TrackerError, match="new_track_thresh='much' is not a number"):
        params_of("bytetrack", SUITS, new_track_thresh="much")
    with pytest.raises(TrackerError, match="there is no tracker 'bitetrack'"):
        model_thresholds("bitetrack", SUITS)


def test_it_is_said_where_they_are_from():
    assert said_of({"track_high_thresh": 0.5, "match_thresh": 0.8}) == (
        "track_high_thresh 0.5, match_thresh 0.8 from the model's contract"
    )
