"""Words: choices that users type, and counted things."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Self

from numa_runtime.errors import NumaError, UsageError, nearest


def is_number(word: str) -> bool:
    """Return whether Python reads a word as a number."""
    try:
        float(word)
    except ValueError:
        return False
    return True


def count(number: int, thing: str, things: str = "") -> str:
    """Return "1 frame", "2,000 frames"; `things` is a plural that takes more than an "s"."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


class Word(StrEnum):
    """A choice of a few words; `parse` turns what a user typed into the member that is meant.

    A member's value is its word, further values are other words for it (`aliases`). A subclass says in its header
    how an unknown word is refused: `class Builder(Word, refusal="{word} is not a builder{close}", hint="--builder
    {words}")`. In both texts `{word}` is what was typed, `{close}` names the nearest word if there is one, `{words}`
    are all of them ("a, b or c") and `{list}` too ("a, b, c").
    """

    _refusal: ClassVar[str]
    _hint: ClassVar[str]
    _error: ClassVar[type[NumaError]]
    _aliases: tuple[str, ...]

    def __new__(cls, word: str, *aliases: str) -> Self:
        """Make a member of its word and its aliases."""
        member = str.__new__(cls, word)
        member._value_ = word
        member._aliases = aliases
        return member

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other words for it."""
        return self._aliases

    def __init_subclass__(cls, *, refusal: str, hint: str, error: type[NumaError] = UsageError) -> None:
        super().__init_subclass__()
        cls._refusal, cls._hint, cls._error = refusal, hint, error

    @classmethod
    def parse(cls, word: object) -> Self:
        """Return the member that a word or an alias means, in any case.

        Raises:
            NumaError: an unknown word (UsageError, unless the subclass names another error); the nearest one is named.
        """
        known = {name.lower(): member for member in cls for name in (member.value, *member.aliases)}
        plain = cls.plain(str(word))
        if plain in known:
            return known[plain]
        words = [member.value for member in cls]
        aliases = [alias for member in cls for alias in member.aliases]
        texts = {
            "word": repr(word),
            "close": nearest(plain, [*words, *aliases]),
            "words": " or ".join(filter(None, (", ".join(words[:-1]), words[-1]))),
            "list": ", ".join(words),
        }
        raise cls._error(cls._refusal.format(**texts), hint=cls._hint.format(**texts))

    @staticmethod
    def plain(word: str) -> str:
        """Return a typed word as it is compared: without blanks around it, in lower case."""
        return word.strip().lower()
