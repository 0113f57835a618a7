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
