import pytest

from numa_deploy.yolo.settings import Settings
from numa_runtime.errors import UsageError


def test_words_become_settings():
    settings = Settings.from_words("predict", {"conf": 0.3, "classes": 0, "imgsz": [384, 640]})
    assert (settings.conf, settings.classes, settings.imgsz) == (0.3, (0,), (384, 640))


def test_unknown_word_names_the_nearest():
    with pytest.raises(UsageError, match=r"predict has no setting 'sho_labels' \(did you mean 'show_labels'\?\)"):
        Settings.from_words("predict", {"sho_labels": True})


def test_known_elsewhere_words_say_what_to_do():
    with pytest.raises(UsageError, match="track does not take 'half': precision lives in the artifact"):
        Settings.from_words("track", {"half": True})


def test_nothing_is_written_by_default():
    assert not Settings().writes
    assert Settings(save_jsonl=True).writes


@pytest.mark.parametrize("words", [{"vid_stride": 0}, {"imgsz": (1, 2, 3)}])
def test_values_out_of_range(words):
    with pytest.raises(UsageError):
        Settings.from_words("predict", words)
