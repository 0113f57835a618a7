"""A group of options: a frozen dataclass whose values are checked when it is made, from whatever front they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, ClassVar, Self

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options.neutral import asks_for_nothing
from numa_runtime.options.option import GROUP, OPTION, Option
from numa_runtime.options.readers import READERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Base of every group; a group may hold groups, and is made from flat keywords all the same.

    Raises:
        UsageError: a value that its option does not allow.
    """

    mode: ClassVar[str] = "this"
    """Who takes these options, for error texts."""
    elsewhere: ClassVar[Mapping[str, str]] = {}
    """Words that mean something in other tools, and what to do here instead."""
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    """Values of such words that ask for nothing, next to None and False: they are passed over."""

    def __post_init__(self) -> None:
        for item in fields(self):
            known: Option | None = item.metadata.get(OPTION)
            value = getattr(self, item.name)
            read = None if known is None else known.read or READERS.get(known.kind)
            if read is not None and value is not None:
                object.__setattr__(self, item.name, read(item.name, value))

    # A group is made anew for every call of `YOLO.track(frame, persist=True)`; what it declares never changes.
    @classmethod
    @cache
    def declared(cls) -> tuple[Option, ...]:
        """Return every option of this group and of the groups in it."""
        found: list[Option] = []
        for item in fields(cls):
            if OPTION in item.metadata:
                known = replace(item.metadata[OPTION], name=item.name)
                found += [known, *(known.collects() if known.collects is not None else ())]
            elif GROUP in item.metadata:
                found += item.metadata[GROUP].declared()
        return tuple(found)

    @classmethod
    @cache
    def by_word(cls) -> Mapping[str, Option]:
        """Return the options by every keyword that means them."""
        return {word: known for known in cls.declared() for word in known.keywords}

    @classmethod
    def of(cls, words: Mapping[str, Any], also: Sequence[str] = ()) -> Self:
        """Return the group with `words` set.

        Args:
            words: keywords of this group and of those in it, as a user typed them.
            also: further words of the caller, named where a misspelt one is nearest to them.

        Raises:
            UsageError: an unknown word (the nearest one is named), one that means something else here, or a value
                that its option does not allow.
        """
        known = cls.by_word()
        idle = {word for word in words if cls.is_idle(word, words[word])}
        for word in words:
            if word in idle:
                continue
            if word in cls.elsewhere:
                raise UsageError(f"{cls.mode} does not take {word!r}: {cls.elsewhere[word]}")
            if word not in known:
                raise UsageError(f"{cls.mode} has no setting {word!r}{nearest(word, [*known, *also])}")
        return cls._made({known[word].name: value for word, value in words.items() if word not in idle})

    @classmethod
    def is_idle(cls, word: str, value: Any) -> bool:
        """Whether a word of other tools has a value that asks for nothing (`half=False`, `batch=1`)."""
        return word in cls.elsewhere and asks_for_nothing(value, cls.neutral.get(word, ()))

    @classmethod
    def _made(cls, words: Mapping[str, Any]) -> Self:
        values: dict[str, Any] = {}
        for item in fields(cls):
            known: Option | None = item.metadata.get(OPTION)
            if GROUP in item.metadata:
                values[item.name] = item.metadata[GROUP]._made(words)
                continue
            if item.name in words:
                values[item.name] = words[item.name]
            if others := _collected(known, words):
                values[item.name] = {**others, **_read(known, item.name, values.get(item.name))}
        return cls(**values)


def _collected(known: Option | None, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of `words` that a collecting option takes in."""
    if known is None or known.collects is None:
        return {}
    return {other.name: words[other.name] for other in known.collects() if other.name in words}


def _read(known: Option | None, name: str, value: Any) -> Mapping[str, Any]:
    """Return a collecting option's own mapping."""
    if known is None or known.read is None or value is None:
        return value or {}
    found: Mapping[str, Any] = known.read(name, value)
    return found
