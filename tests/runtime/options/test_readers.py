import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.errors import UsageError
from numa_runtime.options.neutral import asks_for_nothing
from numa_runtime.options.readers import (
    above,
    as_pair,
    at_least,
    read_list,
    read_names,
    read_number,
    read_size,
    read_switch,
    read_whole,
    within,
)


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


@pytest.mark.parametrize("number", [np.int64(3), np.float32(3), np.array(3), np.array([3]), "3", 3.0])
def test_numbers_of_any_library(number):
    assert read_whole("max_det", number) == read_number("conf", number) == at_least(1)("max_det", number) == 3
    assert type(read_whole("max_det", number)) is int
    assert type(within(0, 9)("conf", number)) in (int, float)


@pytest.mark.parametrize("value", [True, np.bool_(True), "many", [1, 2], np.array([1, 2]), object(), None])
def test_what_is_no_number(value):
    for read in (read_number, read_whole, within(0, 1), at_least(0), above(0)):
        with pytest.raises(UsageError, match="is not a number"):
            read("conf", value)


@pytest.mark.parametrize("value", [1.5, float("nan"), float("inf"), "2.5", np.float64(0.1)])
def test_what_is_no_whole_number(value):
    with pytest.raises(UsageError, match="must be a whole number"):
        read_whole("max_det", value)


def test_no_limit_lets_nan_through():
    for read in (within(0, 1), above(0)):
        with pytest.raises(UsageError, match="is nan"):
            read("conf", float("nan"))


@pytest.mark.parametrize("value", [True, np.bool_(True), 1, "True", "on", np.array(True)])
def test_switched_on(value):
    assert read_switch("save", value) is True


@pytest.mark.parametrize("value", [False, np.bool_(False), 0, "false", "no", np.int64(0)])
def test_switched_off(value):
    assert read_switch("save", value) is False


@pytest.mark.parametrize("value", ["maybe", 2, [], "run.mp4"])
def test_neither_on_nor_off(value):
    with pytest.raises(UsageError, match=r"save is on or off; .* is neither"):
        read_switch("save", value)


@pytest.mark.parametrize(
    ("given", "size"),
    [(np.int64(416), 416), (np.array([384, 640]), (384, 640)), ((np.int32(384), np.int64(640)), (384, 640))],
)
def test_sizes_in_numpy(given, size):
    assert read_size("imgsz", given) == size


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (np.int64(2), (2,)),
        (np.array([0, 2]), (0, 2)),
        (range(2), (0, 1)),
        ({5}, (5,)),
        ([np.int64(1), "car"], (1, "car")),
        ((n for n in (1, 2)), (1, 2)),
        (2.0, (2,)),
    ],
)
def test_names_in_whatever_holds_them(given, names):
    assert read_names("classes", given) == names


@pytest.mark.parametrize("value", [[1.5], [None], [[0, 1]], object()])
def test_names_refused(value):
    with pytest.raises(UsageError, match="classes"):
        read_names("classes", value)


@pytest.mark.parametrize("value", [None, False, "False", "none", "", " off ", 1, "1", np.int64(1), "fp32"])
def test_values_that_ask_for_nothing(value):
    assert asks_for_nothing(value, (1, "fp32"))


@pytest.mark.parametrize("value", [True, 2, "yes", 16, "0.5", [0]])
def test_values_that_ask_for_something(value):
    assert not asks_for_nothing(value, (1, "fp32"))
    assert asks_for_nothing(value, (...,))
