"""Pickles are read, never run: what wants more than data is refused by name."""

import pickle
import struct
from collections import OrderedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_deploy.network.foreign.records import Record, Storage, TensorRecord
from numa_deploy.network.foreign.unpickling import RefusedPickle, unpickle


class Runs:
    def __init__(self, call, *arguments):
        self.call, self.arguments = call, arguments

    def __reduce__(self):
        return self.call, self.arguments


def test_plain_values_come_back():
    value = {"a": [1, 2.5, None, True], "b": OrderedDict(x=(1, 2)), "c": {"d": "text"}, "e": {1, 2}}
    assert unpickle(pickle.dumps(value, 2)) == value


@pytest.mark.parametrize(
    ("call", "arguments", "name"),
    [
        (eval, ("1/0",), "__builtin__.eval"),
        (getattr, ("", "join"), "__builtin__.getattr"),
        (struct.pack, ("b", 1), "_struct.pack"),
    ],
)
def test_calls_are_refused_by_name_and_not_made(call, arguments, name):
    with pytest.raises(RefusedPickle, match=name):
        unpickle(pickle.dumps({"model": Runs(call, *arguments)}, 2))


def test_os_system_is_refused(tmp_path):
    target = tmp_path / "ran"
    with pytest.raises(RefusedPickle, match=r"posix\.system"):
        unpickle(
            b"\x80\x02cposix\nsystem\nX"
            + struct.pack("<I", len(f"touch {target}"))
            + f"touch {target}".encode()
            + b"\x85R."
        )
    assert not target.exists()


def test_network_classes_become_records():
    made = unpickle(b"\x80\x02cultralytics.nn.tasks\nDetectionModel\n)\x81}X\x02\x00\x00\x00ncK\x02sb.")
    assert isinstance(made, Record)
    assert (made.kind, made.name, made.get("nc")) == ("ultralytics.nn.tasks.DetectionModel", "DetectionModel", 2)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x80\x02cos\nsystem\n2.", "uses DUP"),
        (b"\x80\x04\x8c\x02os\x94.", "uses SHORT_BINUNICODE"),
        (b"\x80\x02]r\xff\xff\xff\x7f.", "remembers object 2,147,483,647"),
        (b"\x80\x02N.more", "something follows its end"),
        (b"\x80\x02}", "damaged"),
        (b"\x80\x02X\x03\x00\x00\x00abcQ.", "not described as torch.save"),
    ],
)
def test_what_torch_never_writes_is_refused(data, text):
    with pytest.raises(pickle.UnpicklingError, match=text):
        unpickle(data)


@pytest.mark.parametrize(
    ("offset", "size", "stride"),
    [(0, (1000,), (0,)), (0, (2, 2), (1, 1)), (5, (4,), (1,)), (-1, (2,), (1,)), (0, (2,), (2,)), (0, (2, 2), (2,))],
)
def test_tensors_stay_inside_their_storage(offset, size, stride):
    with pytest.raises(ValueError, match="a tensor"):
        TensorRecord(Storage("0", "Float", 8), offset, size, stride)
    assert TensorRecord(Storage("0", "Float", 8), 2, (2, 3), (1, 2)).size == (2, 3)


GOOD = pickle.dumps({"ema": OrderedDict(a=[1, "b", (2.5, None)]), "set": {1}}, 2)


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.integers(1, len(GOOD)))
def test_damage_is_always_told(at, byte, cut):
    damaged = bytearray(GOOD)
    damaged[at] = byte
    for data in (bytes(damaged), GOOD[:cut]):
        try:
            unpickle(data)
        except (RefusedPickle, pickle.UnpicklingError):
            continue
