"""Which layers do not learn, as users say it; torch-free, for the command line reads it."""

from __future__ import annotations

from typing import Any

from numa_runtime.errors import UsageError
from numa_runtime.options.readers import plain, read_whole

Layers = int | tuple[int, ...]


def read_layers(name: str, value: Any) -> Layers:
    """Return a number N (the first N layers) or layers by number, from 10, "10", [0, 1], "0,1" or "[5]".

    Raises:
        UsageError: neither.
    """
    given = plain(value)
    if isinstance(given, str):
        text = given.strip()
        several = "," in text or text.startswith(("[", "("))
        parts = [part for part in text.strip("[]()").split(",") if part.strip()]
        given = parts if several else text
    found: Layers
    if isinstance(given, list | tuple):
        found = tuple(dict.fromkeys(read_whole(name, part) for part in given))
    else:
        found = read_whole(name, given)
    lowest = min(found, default=0) if isinstance(found, tuple) else found
    if lowest < 0:
        raise UsageError(f"{name} is {value!r}; layers count from 0", hint=f"{name}=10, or {name}=0,1,2")
    return found
