"""One number out of an `Array`: a numpy scalar that also answers to the torch words existing code uses."""

from __future__ import annotations

import builtins
from typing import Any, Self

import numpy as np


class DeviceName(str):
    """Where something lives, as torch's `device` says it: "cpu", "cuda:0"."""

    __slots__ = ()

    @property
    def type(self) -> str:
        """The kind of device: "cuda" of "cuda:0"."""
        return self.partition(":")[0]

    @property
    def index(self) -> builtins.int | None:  # type: ignore[override]
        """Its number: 0 of "cuda:0", None of "cpu"."""
        number = self.partition(":")[2]
        return builtins.int(number) if number.isdecimal() else None


CPU = DeviceName("cpu")


class TorchWords:
    """What numbers and arrays share: words that move data between devices, and so do nothing."""

    __slots__ = ()
    is_cuda = False
    requires_grad = False

    @property
    def device(self) -> Any:  # numpy's is the plain text, and typed as nothing else
        """Always "cpu", as a `DeviceName`."""
        return CPU

    def cpu(self, *_: Any, **__: Any) -> Self:
        """Return self: the data never was anywhere else."""
        return self

    def cuda(self, *_: Any, **__: Any) -> Self:
        """Return self."""
        return self

    def to(self, *_: Any, **__: Any) -> Self:
        """Return self."""
        return self

    def detach(self) -> Self:
        """Return self."""
        return self

    def contiguous(self) -> Self:
        """Return self."""
        return self


class _Number(TorchWords):
    """A numpy scalar with torch's words."""

    __slots__ = ()

    def clone(self) -> Self:
        """Return self: a number cannot be changed."""
        return self

    def numpy(self: Any, *_: Any, **__: Any) -> Any:
        """Return the number as plain numpy."""
        return np.asarray(self)[()]

    def int(self: Any) -> Int64:
        """Return the whole part as int64."""
        return Int64(self)

    def long(self: Any) -> Int64:
        """Return the whole part as int64."""
        return Int64(self)

    def float(self: Any) -> Float32:
        """Return the number as float32."""
        return Float32(self)

    def double(self: Any) -> Float64:
        """Return the number as float64."""
        return Float64(self)

    def dim(self) -> builtins.int:
        """Return 0."""
        return 0

    def numel(self) -> builtins.int:
        """Return 1."""
        return 1


# numpy comes first among the bases: it finds a scalar's dtype by the class right behind it. Its own `device` is a plain
# text, so that one is said again.
class Float32(np.float32, _Number):
    """A float32."""

    device = TorchWords.device


class Float64(np.float64, _Number):  # type: ignore[misc]  # numpy's own bases disagree
    """A float64."""

    device = TorchWords.device


class Int64(np.int64, _Number):
    """An int64."""

    device = TorchWords.device


_KINDS: dict[type, type] = {np.float32: Float32, np.float64: Float64, np.int64: Int64}


def with_words(value: Any) -> Any:
    """Return a numpy scalar with torch's words; anything else as it is."""
    kind = _KINDS.get(type(value))
    return value if kind is None else kind(value)
