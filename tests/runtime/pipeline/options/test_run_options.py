from pathlib import Path

import numpy as np
import pytest

from numa_runtime.errors import UsageError
from numa_runtime.pipeline.options import OutputOptions, RunOptions, TrackRunOptions


def test_words_become_options():
    options = RunOptions.of({"conf": 0.3, "classes": 0, "imgsz": [384, 640], "vid_stride": 2})
    found = options.prediction
    assert (found.conf, found.classes, found.imgsz, options.source.vid_stride) == (0.3, (0,), (384, 640), 2)


def test_unknown_word_names_the_nearest():
    with pytest.raises(UsageError, match=r"predict has no setting 'sho_labels' \(did you mean 'show_labels'\?\)"):
        RunOptions.of({"sho_labels": True})
    with pytest.raises(UsageError, match=r"track has no setting 'persit' \(did you mean 'persist'\?\)"):
        TrackRunOptions.of({"persit": True}, also=("persist",))


def test_known_elsewhere_words_say_what_to_do():
    with pytest.raises(UsageError, match="track does not take 'half': precision lives in the artifact"):
        TrackRunOptions.of({"half": True})


def test_predict_has_no_tracker():
    with pytest.raises(UsageError, match="predict has no setting 'track_buffer'"):
        RunOptions.of({"track_buffer": 3})


def test_nothing_is_written_by_default():
    assert not RunOptions().needs_folder
    assert RunOptions.of({"save_jsonl": True}).needs_folder
    assert TrackRunOptions.of({"explain": "3"}).needs_folder


def test_balls_are_written_where_anything_is_and_there_are_some():
    assert OutputOptions(save=True).for_network(balls=True).save_ball
    assert not OutputOptions(save=True).for_network(balls=False).save_ball
    assert not OutputOptions().for_network(balls=True).save_ball
    assert OutputOptions(save_ball=True).for_network(balls=False).save_ball


@pytest.mark.parametrize(
    "words", [{"vid_stride": 0}, {"imgsz": (1, 2, 3)}, {"conf": 2}, {"max_det": 0}, {"line_width": 0}]
)
def test_values_out_of_range(words):
    with pytest.raises(UsageError):
        RunOptions.of(words)


NEUTRAL = [
    {"half": False},
    {"int8": False},
    {"augment": False},
    {"batch": 1},
    {"batch": np.int64(1)},
    {"save_crop": False},
    {"retina_masks": False},
    {"visualize": np.bool_(False)},
    {"embed": None},
    {"quantize": None},
    {"quantize": 32},
    {"dnn": False},
    {"save_frames": False},
]


@pytest.mark.parametrize("kind", [RunOptions, TrackRunOptions])
@pytest.mark.parametrize("words", NEUTRAL)
def test_words_that_ask_for_nothing_are_passed_over(kind, words):
    assert kind.of(words) == kind()


@pytest.mark.parametrize("words", [{"half": True}, {"batch": 4}, {"embed": [3]}, {"save_crop": True}, {"quantize": 8}])
def test_words_that_ask_for_something_are_refused(words):
    with pytest.raises(UsageError, match=f"predict does not take '{next(iter(words))}': "):
        RunOptions.of(words)


def test_numpy_words():
    words = {
        "conf": np.float32(0.5),
        "max_det": np.int64(9),
        "vid_stride": np.int64(2),
        "classes": np.array([0, 2]),
        "imgsz": np.array([384, 640]),
        "save": np.bool_(True),
        "line_width": np.int32(2),
    }
    options = RunOptions.of(words)
    found = options.prediction
    assert (found.conf, found.max_det, found.classes, found.imgsz) == (0.5, 9, (0, 2), (384, 640))
    assert (options.source.vid_stride, options.outputs.save, options.style.line_width) == (2, True, 2)
    assert type(options.source.vid_stride) is int


def test_a_text_does_not_switch_on_by_being_there():
    assert not RunOptions.of({"save": "False"}).outputs.save
    with pytest.raises(UsageError, match="save is on or off; 'maybe' is neither"):
        RunOptions.of({"save": "maybe"})


def test_names_may_be_paths():
    assert RunOptions.of({"name": Path("run-7")}).outputs.name == "run-7"


@pytest.mark.parametrize(
    ("given", "word"), [(0, "0"), ("cuda:0", "cuda:0"), ([0], "0"), ("", "auto"), (np.int64(1), "1"), (None, None)]
)
def test_devices_are_words(given, word):
    assert RunOptions.of({"device": given}).device == word


def test_verbose_prints_and_writes_nothing():
    assert RunOptions.of({"verbose": True}).outputs.verbose
    assert not RunOptions.of({"verbose": True}).outputs.files
    assert not OutputOptions(verbose=True).for_network(balls=True).save_ball


@pytest.mark.parametrize("source", [np.int64(2), 2])
def test_a_webcams_number_may_be_numpys(source):
    assert type(RunOptions.of({"source": source}).source.source) is int


def test_other_sources_stay_as_they_are():
    frame = np.zeros((4, 4, 3), np.uint8)
    assert RunOptions.of({"source": frame}).source.source is frame
