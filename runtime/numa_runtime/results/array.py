"""A numpy array that also answers to the torch words existing code uses on results."""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results.absent import absent
from numa_runtime.results.scalar import TorchWords, with_words

_WAYS = {
    "permute": "use transpose(...)",
    "type": "use astype(...)",
    "backward": "results are numpy; there are no gradients",
    "grad": "results are numpy; there are no gradients",
    "cat": "use numpy.concatenate([...])",
    "topk": "use argsort(descending=True)[:k]",
    "expand": "use numpy.broadcast_to(array, shape)",
    "norm": "use numpy.linalg.norm(array)",
    "index_select": "index with an array: boxes.xyxy[[0, 2]]",
    "masked_select": "index with a mask: boxes.xyxy[boxes.conf > 0.5]",
}


class Extremes(NamedTuple):
    """What `max(dim=...)` and `min(dim=...)` give, as torch does: the values and where they are."""

    values: Any
    indices: Any


class Size(int):
    """The number of values; called as torch's method it gives the shape, or one side of it."""

    shape: tuple[int, ...]

    def __new__(cls, count: int, shape: tuple[int, ...]) -> Size:
        """Keep a shape next to its number of values."""
        made = super().__new__(cls, count)
        made.shape = shape
        return made

    def __call__(self, dim: int | None = None) -> tuple[int, ...] | int:
        """Return the shape, or its side `dim`."""
        return self.shape if dim is None else self.shape[dim]


def _reduction(name: str) -> Callable[..., Any]:
    """Return numpy's reduction that also takes torch's `dim` and `keepdim`."""
    reduce = getattr(np.ndarray, name)

    def reduced(self: Any, *args: Any, dim: Any = None, keepdim: bool = False, **words: Any) -> Any:
        given = {**words, **({} if dim is None else {"axis": dim}), **({"keepdims": True} if keepdim else {})}
        found = reduce(self, *args, **given)
        return with_words(found[()]) if np.ndim(found) == 0 else found

    reduced.__name__, reduced.__doc__ = name, f"Do what numpy's `{name}` does; `dim` is `axis`."
    return reduced


def _extreme(name: str) -> Callable[..., Any]:
    """Return numpy's `max` or `min`, which with torch's word `dim` gives values and indices."""
    best, where = _reduction(name), _reduction(f"arg{name}")

    def extreme(self: Any, *args: Any, dim: Any = None, keepdim: bool = False, **words: Any) -> Any:
        if dim is None:
            return best(self, *args, **words)
        return Extremes(best(self, dim=dim, keepdim=keepdim), where(self, dim=dim, keepdim=keepdim))

    extreme.__name__, extreme.__doc__ = name, f"Do what numpy's `{name}` does; with `dim` return (values, indices)."
    return extreme


class Array(TorchWords, np.ndarray[Any, Any]):
    """`numpy.ndarray` that takes torch's words, so that code written for torch results runs unchanged.

    `.cpu()`, `.to()`, `.cuda()`, `.detach()` do nothing and `.numpy()` is itself. An array of one value is a number
    where one is needed: `int(box.cls)`, `f"{box.conf:.2f}"`, `names[int(box.cls)]`. Where a word is both numpy's and
    torch's, numpy's meaning stands: `max(axis)`, `sort()`, `std()`.
    """

    def clone(self) -> Array:
        """Return a copy."""
        return self.copy()

    def numpy(self, *_: Any, **__: Any) -> NDArray[Any]:
        """Return the same memory as a plain `numpy.ndarray`."""
        return np.ndarray.view(self, np.ndarray)

    def int(self) -> Array:
        """Return the values as int64."""
        return as_array(self.astype(np.int64))

    def long(self) -> Array:
        """Return the values as int64."""
        return as_array(self.astype(np.int64))

    def float(self) -> Array:
        """Return the values as float32."""
        return as_array(self.astype(np.float32))

    def double(self) -> Array:
        """Return the values as float64."""
        return as_array(self.astype(np.float64))

    def half(self) -> Array:
        """Return the values as float16."""
        return as_array(self.astype(np.float16))

    def bool(self) -> Array:
        """Return which values are not 0."""
        return as_array(self.astype(np.bool_))

    @property
    def size(self) -> Any:
        """The number of values, as in numpy; `size()` and `size(0)` give the shape and a side of it, as in torch."""
        return Size(np.ndarray.size.__get__(self), self.shape)

    def numel(self) -> builtins.int:
        """Return the number of values."""
        return builtins.int(self.size)

    def dim(self) -> builtins.int:
        """Return the number of dimensions."""
        return self.ndim

    def t(self) -> Array:
        """Return the transpose."""
        return as_array(self.T)

    def view(self, *shape: Any, **words: Any) -> Any:
        """Return the values in another shape (whole numbers: torch's `view`), or numpy's view of a type."""
        sides = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
        if sides and all(isinstance(side, builtins.int | np.integer) for side in sides):
            return self.reshape(sides)
        return np.ndarray.view(self, *shape, **words)

    def unsqueeze(self, dim: builtins.int) -> Array:
        """Return the values with a new dimension of length 1 at `dim`."""
        return as_array(np.expand_dims(self, dim))

    def unbind(self, dim: builtins.int = 0) -> tuple[Any, ...]:
        """Return the slices along `dim`."""
        return tuple(as_array(np.moveaxis(self, dim, 0)))

    def clamp(self, min: Any = None, max: Any = None) -> Array:
        """Return the values, none below `min` or above `max`."""
        return as_array(np.asarray(np.clip(self, min, max)))

    def argsort(
        self, axis: Any = -1, *args: Any, descending: builtins.bool = False, dim: Any = None, **words: Any
    ) -> Any:
        """Return numpy's `argsort`; `dim` is `axis`, and `descending` begins with the largest."""
        along = axis if dim is None else dim
        if not descending:
            return as_array(np.ndarray.argsort(self, along, *args, **words))
        backwards = np.ndarray.argsort(np.flip(self, along), along, kind="stable")  # equal ones keep their order
        return as_array(self.shape[along] - 1 - np.flip(backwards, along))

    sum: Any = _reduction("sum")
    mean: Any = _reduction("mean")
    prod: Any = _reduction("prod")
    any: Any = _reduction("any")
    all: Any = _reduction("all")
    argmax: Any = _reduction("argmax")
    argmin: Any = _reduction("argmin")
    max: Any = _extreme("max")
    min: Any = _extreme("min")

    def __getitem__(self, index: Any) -> Any:
        return with_words(super().__getitem__(index))

    def __int__(self) -> builtins.int:
        return builtins.int(self._one("a whole number"))

    def __float__(self) -> builtins.float:
        return builtins.float(self._one("a number"))

    def __index__(self) -> builtins.int:
        return operator.index(self._one("an index"))

    def __round__(self, digits: builtins.int | None = None) -> Any:
        return round(self._one("a rounded number"), digits)

    def __format__(self, spec: str) -> str:
        return format(self._one(f"a number written as {spec!r}"), spec) if spec else str(self)

    def _one(self, what: str) -> Any:
        """Return the only value as a Python number.

        Raises:
            TypeError: there are several, or none.
        """
        if self.size != 1:
            raise TypeError(f"{self.size} values cannot be {what}: take one of them, or loop over .tolist()")
        return self.item()

    if not TYPE_CHECKING:  # or no misspelt attribute would be found by a type checker

        def __getattr__(self, name: str) -> Any:
            if name not in _WAYS and callable(getattr(np, name, None)):
                raise AttributeError(f"Array has no {name!r}: use numpy.{name}(array, ...)")
            raise absent(self, name, _WAYS)


def as_array(values: NDArray[Any]) -> Array:
    """View `values` as an `Array` (no copy)."""
    return np.ndarray.view(values, Array)
