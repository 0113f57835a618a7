import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_deploy.cli.words import ModeFlags, translate
from numa_runtime.errors import UsageError

MODES = {
    "track": ModeFlags(
        frozenset({"model", "source", "conf", "imgsz", "iou", "tracker", "vid-stride", "set", "match-thresh"}),
        frozenset({"show", "save", "agnostic-nms", "exist-ok"}),
        frozenset({"imgsz"}),
    ),
    "predict": ModeFlags(frozenset({"model"}), frozenset({"show"})),
}


def argv(*words):
    return translate(words, MODES).argv


def test_key_value_words_become_flags():
    assert argv("track", "model=a.onnx", "conf=0.3") == ["track", "--model", "a.onnx", "--conf", "0.3"]


def test_underscores_and_dashes_are_the_same():
    assert argv("track", "vid_stride=2") == ["track", "--vid-stride", "2"]
    assert argv("track", "--vid_stride", "2") == ["track", "--vid-stride", "2"]


@pytest.mark.parametrize(("word", "flag"), [("show", "--show"), ("show=True", "--show"), ("save=False", "--no-save")])
def test_on_off_words(word, flag):
    assert argv("track", word) == ["track", flag]


def test_trailing_comma_is_dropped_with_a_warning():
    done = translate(["track", "conf=0.3,", "show"], MODES)
    assert done.argv == ["track", "--conf", "0.3", "--show"]
    assert done.notes == ["dropped the comma after 'conf=0.3': words are separated by spaces"]


def test_misspelt_key_names_the_nearest():
    with pytest.raises(UsageError) as caught:
        argv("track", "confs=0.3")
    assert str(caught.value) == (
        "track has no setting 'confs' (did you mean 'conf'?)\nnuma-deploy track --help lists its settings"
    )


def test_any_parameter_of_a_tracker_is_a_word():
    assert argv("track", "with_reid=True", "gmc_method=orb,") == [
        "track", "--set", "with_reid=True", "--set", "gmc_method=orb",
    ]  # fmt: skip
    assert argv("track", "use_byte", "ball_gate=5") == ["track", "--set", "use_byte=True", "--set", "ball_gate=5"]
    assert argv("track", "match_thresh=0.9") == ["track", "--match-thresh", "0.9"]


def test_a_mode_without_trackers_has_none_of_their_words():
    with pytest.raises(UsageError, match="predict has no setting 'with_reid'"):
        argv("predict", "with_reid=True")
    assert argv("predict", "use_byte") == ["predict", "use_byte"]


def test_switch_with_a_strange_value():
    with pytest.raises(UsageError, match="show is on or off; 'maybe' is neither"):
        argv("track", "show=maybe")


def test_values_of_flags_are_left_alone():
    words = ["track", "--source", "show", "--model", "a=b.onnx"]
    assert argv(*words) == words


def test_imgsz_takes_one_or_two_numbers():
    assert argv("track", "--imgsz", "384", "640", "show") == ["track", "--imgsz", "384,640", "--show"]
    assert argv("track", "--imgsz", "640", "--show") == ["track", "--imgsz", "640", "--show"]


def test_task_word_is_dropped_with_a_note():
    done = translate(["detect", "track", "show"], MODES)
    assert done.argv == ["track", "--show"]
    assert done.notes


def test_unknown_mode_is_left_to_the_parser():
    assert argv("trak", "conf=1") == ["trak", "conf=1"]
    assert argv() == []


@given(st.lists(st.sampled_from(["--show", "--conf", "0.5", "--model", "x.onnx", "--no-save"]), max_size=6))
def test_plain_flags_pass_unchanged(words):
    assert argv("track", *words) == ["track", *words]
