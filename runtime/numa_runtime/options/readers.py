"""Readers: what was given for an option, a text from a command line or a value from Python, becomes its value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any

from numa_runtime.errors import UsageError
from numa_runtime.options.option import Reader

Size = int | tuple[int, int]
TRUE = ("true", "1", "yes", "on")
FALSE = ("false", "0", "no", "off")
MOST_SIDE = 16_384
"""The longest side of a network's input, pixels: three float planes of that square fill 3 GiB."""
MOST_WHOLE = 2**31 - 1
"""The largest whole number an option may be: what native code counts with."""
_SIZE = re.compile(r"[\[(]?\s*(\d+)(?:\s*[,x ]\s*(\d+))?\s*[\])]?")


def plain(value: Any) -> Any:
    """Return a numpy or torch number or array as Python numbers; everything else as it is."""
    return value.tolist() if callable(getattr(value, "tolist", None)) else value


def read_number(name: str, value: Any) -> int | float:
    """Return a number from a number of any library, an array of one, or its text.

    Raises:
        UsageError: something else; true and false are no numbers.
    """
    found = plain(value)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, str):
        try:
            found = float(found)
        except ValueError:
            found = None
    if isinstance(found, bool) or not isinstance(found, Real):
        raise UsageError(f"{name}={value!r} is not a number", hint=f"{name}=1, for example")
    return int(found) if isinstance(found, Integral) else float(found)


def read_whole(name: str, value: Any) -> int:
    """Return a whole number; 3.0 is one.

    Raises:
        UsageError: not a whole number.
    """
    found = read_number(name, value)
    if isinstance(found, float) and not found.is_integer():
        raise UsageError(f"{name} is {found:g}; it must be a whole number", hint=f"{name}=1, for example")
    return int(found)


def read_switch(name: str, value: Any) -> bool:
    """Return true or false, also from 1 and 0, numpy's, or the words a command line takes.

    Raises:
        UsageError: something else.
    """
    found = plain(value)
    if isinstance(found, bool):
        return found
    word = str(found).strip().lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise UsageError(f"{name} is on or off; {value!r} is neither", hint=f"{name}=True or {name}=False")


def read_text(_: str, value: Any) -> str:
    """Return a text or a path as text."""
    return str(value)


READERS: dict[type, Reader] = {bool: read_switch, int: read_whole, float: read_number}
"""Who reads an option that has no reader of its own, by what is typed for it."""


def read_size(name: str, value: Any) -> Size:
    """Return a side, or (height, width), from 640, "640", (384, 640), "384,640" or "384x640".

    Raises:
        UsageError: not one or two positive whole numbers.
    """
    given = plain(value)
    if isinstance(given, str):
        found = _SIZE.fullmatch(given.strip())
        numbers: list[Any] = [] if found is None else [int(number) for number in found.groups() if number]
    else:
        numbers = [plain(side) for side in given] if isinstance(given, list | tuple) else [given]
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
        number = read_number(name, value)
        if not low <= number <= high:
            raise UsageError(f"{name} is {number:g}; it must lie between {low:g} and {high:g}")
        return number

    return read


def at_least(least: int) -> Reader:
    """Return a reader of whole numbers of `least` or more, as far as native code counts."""

    def read(name: str, value: Any) -> Any:
        number = read_whole(name, value)
        if number < least:
            raise UsageError(f"{name} is {number:g}; it must be {least} or more")
        if number > MOST_WHOLE:
            raise UsageError(f"{name} is {number:g}; it must be {MOST_WHOLE} or less")
        return number

    return read


def above(limit: float, most: float = 1e9) -> Reader:
    """Return a reader of numbers above `limit`, up to `most`."""

    def read(name: str, value: Any) -> Any:
        number = read_number(name, value)
        if not number > limit:
            raise UsageError(f"{name} is {number:g}; it must be above {limit:g}")
        if number > most:
            raise UsageError(f"{name} is {number:g}; it must be {most:g} or less")
        return number

    return read


def read_names(name: str, value: Any) -> tuple[str | int, ...]:
    """Return words or numbers from `0`, `(0, 2)`, "0,2", "[0, 2]", "person,car" or an array.

    Raises:
        UsageError: a text without a word, or neither words nor numbers.
    """
    given = plain(value)
    if isinstance(given, str):
        words = read_list(name, given)
        if not words:
            raise UsageError(f"--{name} is empty", hint=f"--{name} 0,2 or --{name} person,car")
        return words
    several = isinstance(given, Iterable)
    return tuple(_name(name, one) for one in (given if several else (given,)))


def _name(name: str, value: Any) -> str | int:
    one = plain(value)
    return one if isinstance(one, str) else read_whole(name, one)


def read_list(_: str, value: Any) -> tuple[str, ...]:
    """Return the words of a text with commas, or of a sequence, each once."""
    parts: Sequence[Any] = value.strip().strip("[]()").split(",") if isinstance(value, str) else value
    words = [str(part).strip().strip("'\"") for part in parts]
    return tuple(dict.fromkeys(word for word in words if word))
