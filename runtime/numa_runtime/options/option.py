"""One declared option: what a command line, `key=value` words, Python keywords and error texts need to know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from numa_runtime.paths import expand

Reader = Callable[[str, Any], Any]
"""Turns what was given for an option (its name, a text or a value) into its value, or raises UsageError."""

OPTION, GROUP = "option", "group"
"""Keys of a dataclass field's metadata: an option, or a whole group of them."""

_PATHS = ("PATH", "FILE", "FOLDER")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a mode.

    Attributes:
        name: the Python keyword and `key=value` word; the flag is the same with dashes.
        help: one sentence or two for `--help`.
        default: its value where it is not given; None means "as the model, tracker or source has it".
        kind: what is typed: bool (an on/off switch), int, float or str.
        panel: the heading under which `--help` lists it.
        read: checks and converts what was given, a text or a value alike.
        metavar: what stands for the value in `--help`.
        flags: all flags, where they are not just the name; the words without dashes mean the same as keywords.
        short: a one-letter flag, "-s".
        on: the modes whose command line switches it on by default (the Python calls never do).
        modes: the modes whose command line has its flag; all by default.
        help_in: another help sentence in some modes, by mode.
        required: whether it must be given.
        argument: whether it is typed without a flag.
        repeats: whether its flag may be given several times; its reader gets a list.
        collects: options of others that may be given as well, by name; their values become one mapping here.
        python_only: not a flag.
    """

    name: str = ""
    help: str = ""
    default: Any = None
    kind: type[bool] | type[int] | type[float] | type[str] = str
    panel: str = ""
    read: Reader | None = None
    metavar: str = ""
    flags: tuple[str, ...] = ()
    short: str = ""
    on: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    help_in: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    argument: bool = False
    repeats: bool = False
    collects: Callable[[], Iterable[Option]] | None = None
    python_only: bool = False

    @property
    def long_flags(self) -> tuple[str, ...]:
        """The flags with two dashes."""
        return self.flags or (f"--{self.name.replace('_', '-')}",)

    @property
    def keywords(self) -> tuple[str, ...]:
        """The words by which it may be given: its name, and its flags' names."""
        return tuple(dict.fromkeys([self.name, *(flag[2:].replace("-", "_") for flag in self.flags)]))


def read_path(_: str, value: str | Path) -> str | Path:
    """Return a path, text or `Path`, with "~" replaced by the home folder; any other as it is.

    Raises:
        UsageError: the home of somebody who is not known here.
    """
    return type(value)(expand(value)) if str(value).startswith("~") else value


def option(default: Any, help: str, **info: Any) -> Any:
    """Return a dataclass field that declares an option; `info` are further fields of `Option`.

    What stands for a path, by its metavar or as a command's argument, may begin with "~".
    """
    if isinstance(default, bool | int | float):
        info.setdefault("kind", type(default))
    if info.get("metavar") in _PATHS or info.get("argument"):
        info.setdefault("read", read_path)
    return field(default=default, metadata={OPTION: Option(help=help, default=default, **info)})


def same(group: type[Any], name: str, **changes: Any) -> Any:
    """Return a dataclass field that declares an option as `group` does.

    Args:
        group: the group that declares it.
        name: the option.
        changes: fields of `Option` that differ here: the panel, a default, a sentence of help.
    """
    known = next(item.metadata[OPTION] for item in fields(group) if item.name == name)
    made = replace(known, **changes)
    return field(default=made.default, metadata={OPTION: made})


def group(kind: type[Any]) -> Any:
    """Return a dataclass field that holds a whole group of options."""
    return field(default_factory=kind, metadata={GROUP: kind})
