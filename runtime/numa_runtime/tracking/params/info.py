"""What is known about a single parameter, and the check that its value is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from math import isfinite
from typing import Any, cast

from numa_runtime.errors import ParameterError, TrackerError
from numa_runtime.options.readers import plain


@dataclass(frozen=True, slots=True)
class ParamInfo:
    """What a parameter means, what it may be, and where tuning looks for it.

    within: the smallest and largest number it may be; without, and without `parse`, it is true or false.
    search: an interval of numbers, or the values to try. whole: numbers without a fraction only. parse: turns a
    word into its value, or raises. optional: None is a value too. fixed: why it cannot change while there are tracks.
    """

    doc: str
    within: tuple[float, float] | None = None
    search: tuple[float, float] | tuple[bool, ...] | None = None
    whole: bool = False
    parse: Callable[[Any], Any] | None = None
    optional: bool = False
    fixed: str = ""


def param(default: Any, doc: str, **info: Any) -> Any:
    """Return a dataclass field that carries its `ParamInfo`."""
    return field(default=default, metadata={"info": ParamInfo(doc, **info)})


def describe(params: type[Any]) -> Iterator[tuple[str, ParamInfo]]:
    """Yield each parameter's name and `ParamInfo`."""
    for item in fields(params):
        yield item.name, cast("ParamInfo", item.metadata["info"])


def checked(name: str, value: Any, info: ParamInfo) -> Any:
    """Return `value` in its proper type.

    Raises:
        ParameterError: it is no such value; the sentence names it and what may be given.
    """
    value = plain(value)
    if info.parse is not None:
        return info.parse(value)
    if info.within is None:
        if not isinstance(value, bool) and value not in (0, 1):
            raise ParameterError(f"{name}={value!r} is neither true nor false", hint=f"{name}: {info.doc}")
        return bool(value)
    if value is None and info.optional:
        return None
    low, high = info.within
    number = not isinstance(value, bool) and isinstance(value, (int, float))
    if not number or not isfinite(value) or not low <= value <= high or (info.whole and value != int(value)):
        kind = "whole number" if info.whole else "number"
        raise ParameterError(f"{name}={value!r} is not a {kind} from {low:g} to {high:g}", hint=f"{name}: {info.doc}")
    return int(value) if info.whole else value


def check_low(low: float, high: float) -> None:
    """Refuse thresholds between which no detection could be low.

    Raises:
        TrackerError: `low` is not below `high`.
    """
    if low >= high:
        raise TrackerError(
            f"track_low_thresh {low:g} must be below track_high_thresh {high:g}: no detection could be low",
            hint=f"lower track_low_thresh, e.g. track_low_thresh={high / 2:g}",
        )
