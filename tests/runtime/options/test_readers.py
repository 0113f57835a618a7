import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.errors import UsageError
from numa_runtime.options.readers import above, as_pair, at_least, read_list, read_names, read_size, within


@pytest.mark.parametrize(
    ("given_size", "size"),
    [
        ("640", 640),
        (640, 640),
        ("384,640", (384, 640)),
        ("[384, 640]", (384, 640)),
        ("384x640", (384, 640)),
        ("384 640", (384, 640)),
        ([384, 640], (384, 640)),
        ((640,), 640),
    ],
)
def test_sizes(given_size, size):
    assert read_size("imgsz", given_size) == size


@pytest.mark.parametrize("text", ["", "0", "-640", "1,2,3", "big", "640px", 0, -1, True, 1.5, (1, 2, 3), (1, None), []])
def test_sizes_refused(text):
    with pytest.raises(UsageError, match="is not a size"):
        read_size("imgsz", text)


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_size_reads_the_same_as_a_text(height, width):
    assert read_size("imgsz", f"{height},{width}") == read_size("imgsz", (height, width)) == (height, width)
    assert as_pair(read_size("imgsz", str(height))) == (height, height)


@pytest.mark.parametrize(
    ("text", "words"),
    [("0", ("0",)), ("[0, 2]", ("0", "2")), ("person,car", ("person", "car")), (0, (0,)), ([0, "car"], (0, "car"))],
)
def test_names(text, words):
    assert read_names("classes", text) == words


def test_empty_classes_are_refused():
    with pytest.raises(UsageError, match="--classes is empty"):
        read_names("classes", "[]")


def test_lists():
    assert read_list("params", "a, b,a") == ("a", "b")
    assert read_list("params", ["a", "b"]) == ("a", "b")
    assert read_list("params", " ") == ()


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (within(0, 1), 1.5, "conf is 1.5; it must lie between 0 and 1"),
        (at_least(1), 0, "conf is 0; it must be 1 or more"),
        (above(0), 0, "conf is 0; it must be above 0"),
    ],
)
def test_limits(read, value, sentence):
    assert read("conf", 1) == 1
    with pytest.raises(UsageError, match=sentence):
        read("conf", value)
