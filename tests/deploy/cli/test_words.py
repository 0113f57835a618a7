import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from numa_deploy.cli.leftovers import refuse_leftovers
from numa_deploy.cli.main import app, mode_flags
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


def check(*words, modes=None):
    """What the whole front end makes of words, up to the parser."""
    found = modes or mode_flags(typer.main.get_command(app))
    translation = translate(words, found)
    refuse_leftovers(translation, found)
    return translation.argv


@pytest.mark.parametrize("typed", ["{}=True", "--{}", "--{}=True", "--{} True"])
@pytest.mark.parametrize(
    ("mode", "word", "sentence"),
    [
        ("export", "simplify", "graphs are always cleaned"),
        ("export", "int8", "this exporter writes fp32 and mixed fp16"),
        ("export", "nms", "the runtime's one NMS serves every format"),
        ("export", "optimize", "the inference form is always fused"),
        ("export", "keras", "no TensorFlow format is written"),
        ("predict", "half", "precision lives in the artifact"),
        ("track", "retina_masks", "there is no segment task yet"),
        ("predict", "save_crop", "result"),
    ],
)
def test_a_word_of_another_tool_is_told_in_every_spelling(typed, mode, word, sentence):
    with pytest.raises(UsageError, match=f"{mode} does not take '{word}': .*{sentence}"):
        check(mode, *typed.format(word).split())
    with pytest.raises(UsageError, match=f"{mode} does not take '{word}'"):
        check(mode, f"--{word.replace('_', '-')}")


@pytest.mark.parametrize("words", ["predict half=False", "predict --half=False", "track batch=1", "export int8=None"])
def test_a_word_of_another_tool_that_asks_for_nothing_is_passed_over(words):
    assert check(*words.split()) == words.split()[:1]


@pytest.mark.parametrize(
    ("words", "argv"),
    [
        ("predict hide_labels=True", "predict --no-show-labels"),
        ("predict --hide-conf", "predict --no-show-conf"),
        ("predict hide_labels=False", "predict --show-labels"),
        ("predict --nosave", "predict --no-save"),
        ("predict --view-img", "predict --show"),
        ("predict --weights a.onnx --img-size 640", "predict --model a.onnx --imgsz 640"),
        ("predict classes=None conf=none", "predict"),
        ("predict save=None", "predict"),
        ("predict --show False", "predict --no-show"),
        ("predict -s show", "predict --source show"),
        ("predict -s a=b.mp4", "predict --source a=b.mp4"),
        ("predict --model=a=b.onnx", "predict --model a=b.onnx"),
        ("track --with-reid --gmc-method orb", "track --set with_reid=True --set gmc_method=orb"),
        ("inspect model=a.onnx", "inspect a.onnx"),
        ("inspect --model a.onnx", None),
        ("check file=a.onnx", "check a.onnx"),
        ("info weights=yolov8n.yaml", "info yolov8n.yaml"),
        ("inspect a.onnx", "inspect a.onnx"),
        ("predict conf=0.3 conf=0.3", "predict --conf 0.3 --conf 0.3"),
    ],
)
def test_words_people_type_mean_what_they_mean(words, argv):
    if argv is None:
        with pytest.raises(UsageError):
            check(*words.split())
    else:
        assert check(*words.split()) == argv.split()


@pytest.mark.parametrize(
    ("words", "sentence", "hint"),
    [
        ("track --source a.mp4 --source b.mp4", "several are given: a.mp4 and b.mp4", "clips/*.mp4"),
        ("track -s a.mp4 source=b.mp4", "several are given: a.mp4 and b.mp4", "clips/*.mp4"),
        ("predict model a.onnx", "model stands without a value", "model=a.onnx"),
        ("predict match.mp4", "does not know what to do with 'match.mp4'", "source=match.mp4"),
        ("track best.onnx", "does not know what to do with 'best.onnx'", "model=best.onnx"),
        ("doctor now", "does not know what to do with 'now'", "numa-deploy doctor --help"),
        ("inspect a.onnx b.onnx", "does not know what to do with 'b.onnx'", "numa-deploy inspect --help"),
        ("predict --cnf 0.3", "predict has no setting 'cnf' (did you mean 'conf'?)", "numa-deploy predict --help"),
    ],
)
def test_what_has_no_place_is_refused(words, sentence, hint):
    with pytest.raises(UsageError) as caught:
        check(*words.split())
    assert sentence in caught.value.what
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("predict conf=0.3 --conf 0.4", "--conf is given twice, 0.3 and 0.4: the last one counts"),
        ("predict save=False --save", "--save is given twice, off and on: the last one counts"),
        ("predict conf=0.3 conf=0.3 --set a=1 --set b=2", None),
    ],
)
def test_the_last_one_counts_and_is_told(words, note):
    flags = {"predict": ModeFlags(frozenset({"conf", "set"}), frozenset({"save"}))}
    assert translate(words.split(), flags).notes == ([note] if note else [])


def test_settings_that_may_repeat_do():
    assert check("track", "--set", "a=1", "--set", "b=2") == ["track", "--set", "a=1", "--set", "b=2"]
