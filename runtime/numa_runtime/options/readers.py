"""Readers: what was given for an option, a text from a command line or a value from Python, becomes its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from numa_runtime.errors import UsageError
from numa_runtime.options.option import Reader

Size = int | tuple[int, int]
MOST_SIDE = 16_384
"""The longest side of a network's input, pixels: three float planes of that square fill 3 GiB."""
MOST_WHOLE = 2**31 - 1
"""The largest whole number an option may be: what native code counts with."""
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
    if whole and max(numbers, default=0) > MOST_SIDE:
        raise UsageError(f"{name}={value!r} is too large: {MOST_SIDE} pixels is the most", hint=f"{name}=640")
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
        if not low <= _number(name, value) <= high:
            raise UsageError(f"{name} is {value:g}; it must lie between {low:g} and {high:g}")
        return value

    return read


def at_least(least: int, most: int = MOST_WHOLE) -> Reader:
    """Return a reader of whole numbers from `least` to `most`."""

    def read(name: str, value: Any) -> Any:
        if _number(name, value) < least:
            raise UsageError(f"{name} is {value:g}; it must be {least} or more")
        if value > most:
            raise UsageError(f"{name} is {value:g}; it must be {most} or less")
        if value != int(value):
            raise UsageError(f"{name} is {value:g}; it must be a whole number")
        return value

    return read


def above(limit: float, most: float = 1e9) -> Reader:
    """Return a reader of numbers above `limit`, up to `most`."""

    def read(name: str, value: Any) -> Any:
        if not _number(name, value) > limit:
            raise UsageError(f"{name} is {value:g}; it must be above {limit:g}")
        if value > most:
            raise UsageError(f"{name} is {value:g}; it must be {most:g} or less")
        return value

    return read


def _number(name: str, value: Any) -> Any:
    """Return a value that can be compared; words and truth values cannot.

    Raises:
        UsageError: it is no number.
    """
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise UsageError(f"{name}={value!r} is not a number", hint=f"{name} takes a number, without quotes in Python")
    return value


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
