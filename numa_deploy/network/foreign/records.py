"""What a foreign pickle becomes: records that only remember what was written, never anything that acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, Self

_MOST_DEPTH = 64


class Record:
    """An object of somebody's class: its arguments and its state as they lie in the file.

    A class of this kind is made for each name (`kind`); nothing of the named module is ever imported.
    """

    kind = ""

    def __new__(cls, *args: Any, **_: Any) -> Self:
        made = super().__new__(cls)
        made.__dict__["args"] = args
        made.__dict__["state"] = {}
        return made

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take whatever arguments the file has."""

    def __setstate__(self, state: Any) -> None:
        self.__dict__["state"] = state

    @property
    def name(self) -> str:
        """The class's name without its module."""
        return self.kind.rpartition(".")[2]

    def get(self, key: str, default: Any = None) -> Any:
        """Return an attribute as the file states it."""
        state = self.__dict__["state"]
        if not isinstance(state, dict):
            return default
        return state.get(key, default)

    def children(self) -> dict[str, Record]:
        """Return the submodules of a `torch.nn.Module` by name."""
        found = self.get("_modules")
        return {str(k): v for k, v in found.items() if isinstance(v, Record)} if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Storage:
    """A run of numbers in the archive: its member, its element type ("Half"), how many."""

    key: str
    element: str
    count: int


@dataclass(frozen=True, slots=True)
class TensorRecord:
    """A tensor as the file describes it; its numbers are still in the archive.

    Raises:
        ValueError: sizes, strides and offset are not those of a dense tensor inside its storage.
    """

    storage: Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]

    def __post_init__(self) -> None:
        numbers = (self.offset, *self.size, *self.stride)
        if not all(type(n) is int and 0 <= n < 2**48 for n in numbers) or len(self.size) != len(self.stride):
            raise ValueError(f"a tensor with the sizes {self.size} and the strides {self.stride}")
        if self.offset + prod(self.size) > self.storage.count:
            raise ValueError(f"a tensor of {prod(self.size):,} numbers in a storage of {self.storage.count:,}")
        expected = 1
        for stride, size in sorted(zip(self.stride, self.size, strict=True)):
            if size > 1 and stride != expected:
                raise ValueError(f"a tensor whose strides {self.stride} are not those of dense sizes {self.size}")
            expected *= max(size, 1)


def modules(root: Record, path: str = "", depth: int = 0) -> Iterator[tuple[str, Record]]:
    """Yield every module below `root` with its dotted path, `root` first.

    Raises:
        ValueError: modules nested without end.
    """
    if depth > _MOST_DEPTH:
        raise ValueError("modules nested too deep")
    yield path, root
    for name, child in root.children().items():
        yield from modules(child, f"{path}.{name}" if path else name, depth + 1)


def tensors(root: Record) -> dict[str, TensorRecord]:
    """Return the parameters and buffers below `root` by their state name."""
    found: dict[str, TensorRecord] = {}
    for path, module in modules(root):
        for group in ("_parameters", "_buffers"):
            held = module.get(group)
            for name, value in held.items() if isinstance(held, dict) else ():
                if isinstance(value, TensorRecord):
                    found[f"{path}.{name}" if path else str(name)] = value
    return found
