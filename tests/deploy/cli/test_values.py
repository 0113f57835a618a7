import pytest

from numa_deploy.cli.values import class_words, image_size, track_ids, tracker_settings
from numa_runtime.errors import UsageError


@pytest.mark.parametrize(
    ("text", "size"),
    [(None, None), ("640", 640), ("384,640", (384, 640)), ("[384, 640]", (384, 640)), ("384x640", (384, 640))],
)
def test_image_size(text, size):
    assert image_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "-640", "1,2,3", "big", "640px"])
def test_image_size_refused(text):
    with pytest.raises(UsageError, match="is not a size"):
        image_size(text)


@pytest.mark.parametrize(
    ("text", "words"), [(None, None), ("0", ["0"]), ("[0, 2]", ["0", "2"]), ("person,car", ["person", "car"])]
)
def test_class_words(text, words):
    assert class_words(text) == words


def test_empty_classes_are_refused():
    with pytest.raises(UsageError, match="--classes is empty"):
        class_words("[]")


@pytest.mark.parametrize(
    ("text", "ids"), [(None, []), ("7", [7]), ("7,12", [7, 12]), ("[7, 7]", [7]), ("all,3", ["all", 3])]
)
def test_track_ids(text, ids):
    assert track_ids(text) == ids


@pytest.mark.parametrize("text", ["", "-1", "a", "1;2", "1,", "All"])
def test_track_ids_refused(text):
    with pytest.raises(UsageError, match="is not a list of ids"):
        track_ids(text)


def test_tracker_settings_are_read_as_a_yaml_reads_them():
    assert tracker_settings(["with_reid=True", "inertia=0.1", "gmc_method=orb", "delta-t=2"]) == {
        "with_reid": True,
        "inertia": 0.1,
        "gmc_method": "orb",
        "delta_t": 2,
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("with_reid", "--set with_reid: there is no value"),
        ("with_ride=True", "no tracker has a parameter 'with_ride' (did you mean 'with_reid'?)"),
        ("inertia=[", "--set inertia=[: '[' is no value"),
    ],
)
def test_tracker_settings_refused(text, sentence):
    with pytest.raises(UsageError) as caught:
        tracker_settings([text])
    assert caught.value.what == sentence
