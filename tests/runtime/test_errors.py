from __future__ import annotations

import inspect

import pytest

from numa_runtime import errors
from numa_runtime.errors import MissingExtra, NumaError, SinkError, UsageError, nearest
from numa_runtime.installing import pip_line


def test_what_and_hint_are_one_text() -> None:
    error = SinkError("a.txt: the disk is full", hint="free some space")
    assert (error.what, error.hint) == ("a.txt: the disk is full", "free some space")
    assert str(error) == "a.txt: the disk is full\nfree some space"
    assert str(NumaError("alone")) == "alone"


def test_every_error_is_in_the_tree_and_only_usage_exits_with_two() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]
    assert len(kinds) >= 8
    for kind in kinds:
        assert issubclass(kind, NumaError)
        assert kind.exit_code == (2 if issubclass(kind, UsageError) else 1)


def test_a_missing_extra_says_what_to_type() -> None:
    error = MissingExtra("an OpenVINO model", "openvino", "openvino")
    assert error.what == "an OpenVINO model needs the package openvino, which is not installed"
    assert error.hint == pip_line("openvino")


def test_errors_survive_pickling() -> None:
    import pickle

    for error in (SinkError("what", hint="hint"), MissingExtra("export", "onnx", "export")):
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert (copy.what, copy.hint) == (error.what, error.hint)


@pytest.mark.parametrize(
    ("word", "said"),
    [("bytetrak", " (did you mean 'bytetrack'?)"), ("zzz", ""), ("", "")],
)
def test_nearest(word: str, said: str) -> None:
    assert nearest(word, ("bytetrack", "ocsort")) == said
