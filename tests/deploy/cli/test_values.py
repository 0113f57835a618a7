import pytest

from numa_deploy.cli.values import class_words, image_size, track_ids
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
