"""Words that other tools have and this one has not: an error that says what to do instead."""

from __future__ import annotations

from collections.abc import Mapping

from numa_runtime.errors import nearest


def absent(owner: object, name: str, ways: Mapping[str, str]) -> AttributeError:
    """Return the error for an attribute that is not there.

    Args:
        owner: who was asked.
        name: what for.
        ways: by name, what to do instead; other names get the nearest that exists.
    """
    kind = type(owner).__name__
    if name in ways:
        return AttributeError(f"{kind} has no {name!r}: {ways[name]}")
    known = [] if name.startswith("_") else [word for word in dir(type(owner)) if not word.startswith("_")]
    return AttributeError(f"{kind} has no attribute {name!r}{nearest(name, known)}")
