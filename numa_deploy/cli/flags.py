"""From declared options to a command: each field of the groups a function takes becomes a flag."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import typer

from numa_runtime.errors import UsageError
from numa_runtime.options import Option, Options

Mode = Callable[..., int | None]
Group = TypeVar("Group", bound=Options)


@dataclass(frozen=True, slots=True)
class Given(Generic[Group]):
    """What was typed for a group that only some runs of a mode need; it is checked when it is made.

    Attributes:
        kind: the group.
        words: its options as typed, without those that were not given.
    """

    kind: type[Group]
    words: Mapping[str, Any]

    def make(self) -> Group:
        """Return the group.

        Raises:
            UsageError: a value that its option does not allow.
        """
        return self.kind.of(self.words)

    def flags(self) -> dict[str, str]:
        """Return the flags of the options that were typed, by option."""
        return {known.name: known.long_flags[0] for known in self.kind.declared() if known.name in self.words}


def refuse_idle(own: Iterable[Given[Any]], other: Iterable[Given[Any]], here: str, where: str) -> None:
    """Refuse typed options that what is done does not take: they would have no effect.

    Args:
        own: the groups that it takes.
        other: the groups that it does not.
        here: what is done, for the error text.
        where: what takes them.

    Raises:
        UsageError: with the flag's name.
    """
    shared = {name for one in own for name in one.kind.by_word()}
    for name, flag in (item for one in other for item in one.flags().items()):
        if name not in shared:
            raise UsageError(f"{flag} has no meaning in {here}", hint=f"it belongs to {where}")


def command(mode: Mode) -> Mode:
    """Return a function that Typer makes a command from; called with typed flags, it calls `mode` with its groups.

    Args:
        mode: each parameter is annotated with a subclass of `Options`, or with `Given` of one. Where two of its
            groups have an option of the same name, one flag serves both, and the first one's help stands.
    """
    hints: dict[str, Any] = {name: kind for name, kind in get_type_hints(mode).items() if name != "return"}
    late = {name for name, kind in hints.items() if get_origin(kind) is Given}
    groups: dict[str, type[Options]] = {
        name: get_args(hints[name])[0] if name in late else hints[name] for name in hints
    }
    name = mode.__name__
    flagged = {
        parameter: {option.name: option for option in _flagged(kind, name)} for parameter, kind in groups.items()
    }
    known: dict[str, Option] = {}
    for options in flagged.values():
        for word, option in options.items():
            known.setdefault(word, option)

    @wraps(mode)
    def run(**typed: Any) -> int | None:
        given = {word: value for word, value in typed.items() if value is not None and value != []}
        given = {**{word: True for word, option in known.items() if name in option.on}, **given}
        made: dict[str, Any] = {}
        for parameter, kind in groups.items():
            words = Given(kind, {word: value for word, value in given.items() if word in flagged[parameter]})
            made[parameter] = words if parameter in late else words.make()
        return mode(**made)

    signature = [
        inspect.Parameter(
            option.name, inspect.Parameter.KEYWORD_ONLY, default=_default(option), annotation=_typed(option, name)
        )
        for option in known.values()
    ]
    run.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in signature}
    run.foreign = {word: kind for kind in groups.values() for word in kind.elsewhere}  # type: ignore[attr-defined]
    del run.__wrapped__
    return run


def _flagged(kind: type[Options], mode: str) -> Iterator[Option]:
    for option in kind.declared():
        if not option.python_only and (not option.modes or mode in option.modes):
            yield option


def _default(option: Option) -> Any:
    return inspect.Parameter.empty if option.required else None


def _typed(option: Option, mode: str) -> Any:
    """Return what Typer is to know: the type as typed, flags, help; None means "not given" everywhere."""
    help_text = option.help_in.get(mode, option.help)
    if option.argument:
        return Annotated[str, typer.Argument(help=help_text, metavar=option.metavar or option.name.upper())]
    kind: Any = types.GenericAlias(list, option.kind) if option.repeats else option.kind
    flags = [f"{flag}/--no-{flag[2:]}" if option.kind is bool else flag for flag in option.long_flags]
    short = [option.short] if option.short else []
    info = typer.Option(
        *flags,
        *short,
        help=_with_default(help_text, option, mode),
        metavar=None if option.kind is bool else option.metavar or _METAVARS[option.kind],
        rich_help_panel=option.panel or None,
        show_default=False,
    )
    return Annotated[kind if option.required else kind | None, info]


_METAVARS: dict[type, str] = {int: "N", float: "X", str: "TEXT"}


def _with_default(text: str, option: Option, mode: str) -> str:
    """Return the help with the default where that says something."""
    if option.kind is bool:
        return f"{text} [on]" if option.default or mode in option.on else text
    if option.default in (None, False, "", ()) or "efault:" in text:
        return text
    shown = ", ".join(map(str, option.default)) if isinstance(option.default, tuple) else option.default
    return f"{text} [{shown:g}]" if isinstance(shown, float) else f"{text} [{shown}]"
