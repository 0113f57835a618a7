"""`--help` in two columns that fit 80 characters: flags and their values left, what they do right."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup

from numa_runtime.options import panels

_ORDER = [panels.MOST, panels.SOURCE, panels.WHAT, panels.TRACKER, panels.WRITTEN, panels.DRAWN]
_LEFT = 26
_LAST = panels.PRINTED
_HELP = (("-h", "--help"), "Show this and exit.")
Row = tuple[str, str]


class ModeCommand(TyperCommand):
    """One mode."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, what the mode does, and its flags by panel."""
        parameters: list[Any] = list(self.params)
        arguments = [one for one in parameters if one.param_type_name == "argument"]
        named = " ".join(one.metavar or one.name.upper() for one in arguments)
        formatter.write(f"Usage: {ctx.command_path} {named + ' ' if named else ''}[OPTIONS]\n\n")
        formatter.write(_paragraph(self.help or ""))
        if arguments:
            formatter.write(
                _section("Arguments", ((one.metavar or one.name.upper(), one.help or "") for one in arguments))
            )
        sections: dict[str, list[Row]] = {}
        for one in parameters:
            if one.param_type_name == "option" and not one.hidden and "--help" not in one.opts:
                sections.setdefault(getattr(one, "rich_help_panel", None) or "Options", []).append(_row(one))
        for title in sorted(sections, key=_place):
            formatter.write(_section(title, sections[title]))
        formatter.write(_paragraph("Every flag is also a word: --conf 0.3 and conf=0.3 mean the same.", before="\n"))


class ModeGroup(TyperGroup):
    """The command itself: its modes, by what they are for."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, the modes by panel, and the options."""
        formatter.write(f"Usage: {ctx.command_path} MODE [OPTIONS]\n\n")
        formatter.write(_paragraph(self.help or ""))
        sections: dict[str, list[Row]] = {}
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            title = command.rich_help_panel or "Modes"
            sections.setdefault(title, []).append((name, command.get_short_help_str(200)))
        for title, rows in sections.items():
            formatter.write(_section(title, rows))
        parameters: list[Any] = list(self.params)
        own = [_row(one) for one in parameters if not one.hidden and "--help" not in one.opts]
        formatter.write(_section("Options", [*own, _help_row()]))
        formatter.write(_paragraph(self.epilog or "", before="\n"))


def _place(title: str) -> tuple[int, str]:
    if title == _LAST:
        return len(_ORDER) + 1, title
    return (_ORDER.index(title), "") if title in _ORDER else (1, "")


def _row(option: Any) -> Row:
    """Return ("-m, --model PATH", help); a switch that is on shows how it is turned off: "--[no-]save"."""
    short = "".join(f"{flag}, " for flag in option.opts if not flag.startswith("--"))
    flags = [flag for flag in option.opts if flag.startswith("--")]
    help_text = option.help or ""
    if getattr(option, "is_flag", False):
        is_on = help_text.endswith(" [on]")
        flags = [f"--[no-]{flag[2:]}" if is_on else flag for flag in flags]
        return f"{short}{flags[0]}", help_text.removesuffix(" [on]")
    return f"{short}{flags[0]} {option.metavar or ''}".rstrip(), help_text


def _help_row() -> Row:
    flags, text = _HELP
    return ", ".join(flags), text


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return min(int(columns) if columns.isdecimal() else shutil.get_terminal_size((80, 24)).columns, 100)


def _paragraph(text: str, before: str = "") -> str:
    return before + "\n".join(_wrapped(" ".join(text.split()))) + "\n" if text else ""


def _wrapped(text: str, indent: str = "") -> list[str]:
    """Return text in lines that fit, broken between words and nowhere else."""
    return textwrap.wrap(
        text,
        _width() - 1,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _section(title: str, rows: Iterable[Row]) -> str:
    """Return a heading and its rows; a left side that is too long has a line of its own."""
    lines = ["", f"{title}:"]
    indent = " " * (_LEFT + 4)
    for left, right in rows:
        wrapped = _wrapped(right, indent) or [""]
        if len(left) > _LEFT:
            lines += [f"  {left}", *wrapped]
        else:
            lines += [f"  {left:<{_LEFT}}  {wrapped[0][len(indent) :]}".rstrip(), *wrapped[1:]]
    return "\n".join(lines) + "\n"
