"""Readers: what was given for an option, a text from a command line or a value from Python, becomes its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from numa_runtime.errors import UsageError
from numa_runtime.options.option import Reader

Size = int | tuple[int, int]
_SIZE = re.compile(r"[\[(]?\s*(\d+)(?:\s*[,x ]\s*(\d+))?\s*[\])]?")


def read_size(name: str, value: Any) -> Size:
    """Return a side, or (height, width), from 640, "640", (384, 640), "384,640" or "384x640".

    Raises:
        UsageError: not one or two positive whole numbers.
    """
    if isinstance(value, str):
        found = _SIZE.fullmatch(value.strip())
        numbers: list[Any] = [] if found is None else [int(number) for number in found.groups() if number]
    else:
        numbers = list(value) if isinstance(value, list | tuple) else [value]
    whole = all(isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in numbers)
    if not whole or len(numbers) not in (1, 2):
        raise UsageError(
            f"{name}={value!r} is not a size", hint=f"one number, or height,width: {name}=640, {name}=384,640"
        )
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def as_pair(size: Size) -> tuple[int, int]:
    """Return (height, width) of a size; one side is a square."""
    return size if isinstance(size, tuple) else (size, size)


def within(low: float, high: float) -> Reader:
    """Return a reader of numbers from `low` to `high`."""

    def read(name: str, value: Any) -> Any:
        if not low <= value <= high:
            raise UsageError(f"{name} is {value:g}; it must lie between {low:g} and {high:g}")
        return value

    return read


def at_least(least: int) -> Reader:
    """Return a reader of numbers of `least` or more."""

    def read(name: str, value: Any) -> Any:
        if value < least:
            raise UsageError(f"{name} is {value:g}; it must be {least} or more")
        return value

    return read


def above(limit: float) -> Reader:
    """Return a reader of numbers above `limit`."""

    def read(name: str, value: Any) -> Any:
        if value <= limit:
            raise UsageError(f"{name} is {value:g}; it must be above {limit:g}")
        return value

    return read


def read_names(name: str, value: Any) -> tuple[str | int, ...]:
    """Return words or numbers from `0`, `(0, 2)`, "0,2", "[0, 2]" or "person,car".

    Raises:
        UsageError: a text without a word.
    """
    if not isinstance(value, str):
        return (value,) if isinstance(value, int) else tuple(value)
    words = read_list(name, value)
    if not words:
        raise UsageError(f"--{name} is empty", hint=f"--{name} 0,2 or --{name} person,car")
    return words


def read_list(_: str, value: Any) -> tuple[str, ...]:
    """Return the words of a text with commas, or of a sequence, each once."""
    parts: Sequence[Any] = value.strip().strip("[]()").split(",") if isinstance(value, str) else value
    words = [str(part).strip().strip("'\"") for part in parts]
    return tuple(dict.fromkeys(word for word in words if word))
