"""mkdocs hook: tables that the code itself gives, so that no page can be older than the code.

A line `<!-- generated: NAME WORD -->` in a page is replaced when the site is built:

    commands                every mode of `numa-deploy` with its flags, read from the parser
    parameters bytetrack    a tracker's parameters, read from its dataclass (balltrack: the ball's)
    export-options          what export can be told, and which format takes it
    extras                  the optional packages of pyproject.toml
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MARK = re.compile(r"^<!-- generated: (\S+)(?: (\S+))? -->$", re.MULTILINE)
FIRST_PANEL = "Most used"
CODE_OR_PIPE = re.compile(r"`[^`]*`|\|")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the page with every mark replaced; mkdocs calls this for each page."""
    return MARK.sub(lambda mark: generate(mark[1], mark[2] or ""), markdown)


def generate(name: str, word: str = "") -> str:
    """Return the Markdown that stands for a mark.

    Raises:
        KeyError: nothing has this name; the build then fails.
    """
    return _MAKERS[name](word)


def commands(_: str = "") -> str:
    """Return one section for every mode: what it does, its arguments, and its flags by panel."""
    from typer.main import get_command

    from numa_deploy.cli.main import app

    group: Any = get_command(app)
    return "\n\n".join(_command(name, command) for name, command in group.commands.items() if not command.hidden)


def _command(name: str, command: Any) -> str:
    visible = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    shown = sorted(visible, key=lambda parameter: getattr(parameter, "rich_help_panel", None) != FIRST_PANEL)
    arguments = [parameter for parameter in shown if parameter.param_type_name == "argument"]
    words = "".join(f" {(argument.metavar or argument.name).strip('{}').upper()}" for argument in arguments)
    parts = [f"## {name}", f"`numa-deploy {name}{words} [OPTIONS]`", _one_line(command.help or "")]
    parts += [f"`{(a.metavar or a.name).strip('{}').upper()}`: {_one_line(a.help or '')}" for a in arguments]
    panels: dict[str, list[Any]] = {}
    for parameter in shown:
        if parameter.param_type_name == "option":
            panels.setdefault(getattr(parameter, "rich_help_panel", None) or "Options", []).append(parameter)
    for panel, options in panels.items():
        rows = [(_flags(option), _one_line(option.help or "")) for option in options]
        parts += [f"**{panel}**", table(("flag", "meaning and default"), rows)]
    return "\n\n".join(parts)


def _flags(option: Any) -> str:
    value = "" if option.is_flag else f" {_value(option)}"
    return ", ".join([f"`{flag}{value}`" for flag in option.opts] + [f"`{flag}`" for flag in option.secondary_opts])


def _value(option: Any) -> str:
    if option.metavar:
        return str(option.metavar).strip("<>").upper()
    name = getattr(option.type_descriptor.annotation, "__name__", "str")
    return {"int": "N", "float": "X"}.get(name, "TEXT")


def parameters(tracker: str) -> str:
    """Return the table of a tracker's parameters: default, range, meaning."""
    from numa_runtime.tracking.balls.params import BallTrackParams
    from numa_runtime.tracking.config import load_params
    from numa_runtime.tracking.params.info import describe

    params: Any = BallTrackParams() if tracker == "balltrack" else load_params(tracker)
    rows = []
    for name, info in describe(type(params)):
        span = "" if info.within is None else f"{info.within[0]:g} to {info.within[1]:g}"
        value = getattr(params, name)
        rows.append((f"`{name}`", "" if value is None else f"`{value}`", span, info.doc))
    return table(("parameter", "default", "from, to", "meaning"), rows)


def export_options(_: str = "") -> str:
    """Return the table of export's options and the formats that take them."""
    from numa_export.plan import OPTIONS, RULES

    rows = []
    for option in OPTIONS.values():
        takers = [format.value for format, rules in RULES.items() if option.name in rules.options]
        rows.append((f"`{option.name}`", ", ".join(takers), option.help))
    return table(("option", "formats", "meaning"), rows)


def extras(_: str = "") -> str:
    """Return the table of the optional packages, as pyproject.toml states them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        groups: dict[str, list[str]] = tomllib.load(file)["project"]["optional-dependencies"]
    return table(("extra", "installs"), [(f"`{name}`", _packages(needs)) for name, needs in groups.items()])


def _packages(needs: Iterable[str]) -> str:
    return ", ".join(f"`{need.partition(';')[0].strip()}`" for need in needs)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; columns that are empty in every row are dropped."""
    body = [[_cell(text) for text in row] for row in rows]
    kept = [k for k in range(len(heads)) if any(row[k] for row in body)]
    return "\n".join(_lines([heads, ["---"] * len(heads), *body], kept))


def _lines(rows: Iterable[Sequence[str]], columns: Sequence[int]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(row[k] for k in columns)} |"


def _cell(text: str) -> str:
    """Escape what would end the cell; inside code nothing would, and the backslash would be seen."""
    return CODE_OR_PIPE.sub(lambda part: "\\|" if part[0] == "|" else part[0], _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


_MAKERS: dict[str, Callable[[str], str]] = {
    "commands": commands,
    "parameters": parameters,
    "export-options": export_options,
    "extras": extras,
}
