"""A pickle read without running anything of it: tensors and plain containers are built, classes become records.

Two locks. The operations are looked at before anything is built: only those that protocol 2 needs for data, and no
memo beyond the file's own length. Then `find_class` gives inert stand-ins for the few names it knows and refuses every
other by name; it never imports.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from typing import Any

from numa_deploy.network.foreign.records import Record, Storage, TensorRecord

_OPERATIONS = frozenset({
    "PROTO", "STOP", "MARK", "EMPTY_DICT", "EMPTY_LIST", "EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "NONE",
    "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINSTRING",
    "BINSTRING", "BINPUT", "LONG_BINPUT", "BINGET", "LONG_BINGET", "GLOBAL", "REDUCE", "NEWOBJ", "BUILD", "APPEND",
    "APPENDS", "SETITEM", "SETITEMS", "BINPERSID",
})  # fmt: skip
_STAND_INS = ("torch.nn.modules.", "torch.nn.parameter.", "ultralytics.")
_NAMED = frozenset({
    "torch.device", "torch.float16", "torch.float32", "torch.bfloat16", "torch.int64", "numpy.dtype",
    "types.SimpleNamespace", "argparse.Namespace", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
    "_codecs.encode", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib._local.PosixPath",
    "pathlib._local.WindowsPath",
})  # fmt: skip
ELEMENTS = {
    "HalfStorage": "Half",
    "BFloat16Storage": "BFloat16",
    "FloatStorage": "Float",
    "DoubleStorage": "Double",
    "LongStorage": "Long",
    "IntStorage": "Int",
    "ShortStorage": "Short",
    "CharStorage": "Char",
    "ByteStorage": "Byte",
    "BoolStorage": "Bool",
}


class RefusedPickle(Exception):
    """The pickle wants more than data; the message names it."""


class _Element(str):
    """An element type, as a storage's description holds it."""

    __slots__ = ()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        whole = f"{module}.{name}"
        if whole in _CALLS:
            return _CALLS[whole]
        if module == "torch" and name in ELEMENTS:
            return _Element(ELEMENTS[name])
        if whole.startswith(_STAND_INS) or whole in _NAMED:
            return _stand_in(whole)
        raise RefusedPickle(whole)

    def persistent_load(self, pid: Any) -> Storage:
        if not isinstance(pid, tuple) or len(pid) != 5 or pid[0] != "storage" or not isinstance(pid[1], _Element):
            raise pickle.UnpicklingError("a storage is not described as torch.save describes it")
        _, element, key, _place, count = pid
        if not isinstance(key, str) or type(count) is not int or count < 0:
            raise pickle.UnpicklingError(f"a storage {key!r} of {count!r} numbers")
        return Storage(key, str(element), count)


def unpickle(data: bytes) -> Any:
    """Return what a pickle holds: plain values, containers, `Record`s and `TensorRecord`s.

    Args:
        data: the pickle, of protocol 2.

    Raises:
        RefusedPickle: a name outside the known ones, which loading it would import and could run.
        pickle.UnpicklingError: it is damaged, or uses operations that no saved network has.
    """
    _look_at(data)
    try:
        return _Reader(io.BytesIO(data)).load()
    except (RefusedPickle, pickle.UnpicklingError):
        raise
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, EOFError, OverflowError) as error:
        raise pickle.UnpicklingError(str(error) or "it ends too early") from error
    except (RecursionError, MemoryError) as error:
        raise pickle.UnpicklingError("it is nested too deep") from error


def _look_at(data: bytes) -> None:
    """Refuse operations that data does not need, memo numbers out of turn, and anything behind the end."""
    stop = None
    try:
        for number, (operation, argument, at) in enumerate(pickletools.genops(data)):
            if operation.name not in _OPERATIONS:
                raise pickle.UnpicklingError(f"it uses {operation.name}, which torch.save never writes")
            if operation.name.endswith("BINPUT") and isinstance(argument, int) and argument > number:
                raise pickle.UnpicklingError(f"it remembers object {argument:,} before there are so many")
            stop = at
    except ValueError as error:
        raise pickle.UnpicklingError(f"it is damaged: {error}") from error
    if stop != len(data) - 1:
        raise pickle.UnpicklingError("something follows its end")


@cache
def _stand_in(whole: str) -> type[Record]:
    return type(whole.rpartition(".")[2], (Record,), {"kind": whole})


def _tensor(storage: Any, offset: int, size: Any, stride: Any, *_: Any) -> TensorRecord:
    if not isinstance(storage, Storage):
        raise TypeError("a tensor without a storage")
    return TensorRecord(storage, offset, tuple(size), tuple(stride))


def _parameter(tensor: Any, *_: Any) -> Any:
    if not isinstance(tensor, TensorRecord):
        raise TypeError("a parameter that is no tensor")
    return tensor


def _plain_set(items: Any = ()) -> set[Any]:
    if not isinstance(items, list | tuple) or not all(isinstance(item, str | int | float) for item in items):
        raise TypeError("a set of anything but texts and numbers")
    return set(items)


def _ordered(*items: Any) -> OrderedDict[Any, Any]:
    if items:
        raise TypeError("an OrderedDict with arguments")
    return OrderedDict()


def _size(items: Any = ()) -> tuple[Any, ...]:
    return tuple(items)


_CALLS: dict[str, Callable[..., Any]] = {
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _parameter,
    "torch.Size": _size,
    "collections.OrderedDict": _ordered,
    "__builtin__.set": _plain_set,
    "builtins.set": _plain_set,
}
