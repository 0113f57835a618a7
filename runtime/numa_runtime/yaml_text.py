"""The one way to read YAML: plain values only, and no file that is small on disk and endless in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

LARGEST = 4_000_000
"""Bytes of a file; the names of twenty thousand classes are a tenth of that."""
DEEPEST = 32
MOST_VALUES = 200_000
"""Values after every alias ("*name") is replaced by what it stands for."""


class BadYaml(Exception):
    """A text is not YAML, or more than is read.

    Attributes:
        reason: a sentence's second half: "it is not YAML: ...", "it nests deeper than 32 levels".
        line: from 1; None where no one line is at fault.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason, line)
        self.reason, self.line = reason, line

    def __str__(self) -> str:
        return self.reason if self.line is None else f"{self.reason} (line {self.line})"


def read_yaml(path: Path) -> Any:
    """Return what the YAML file at `path` holds.

    Raises:
        BadYaml: as `parse_yaml` says, or no UTF-8, or larger than 4 MB.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise BadYaml(f"it is larger than {LARGEST // 1_000_000} MB")
    try:
        return parse_yaml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadYaml(f"it is not UTF-8 text: byte {error.start} is {data[error.start]:#04x}") from error


def parse_yaml(text: str) -> Any:
    """Return what a YAML text holds.

    Raises:
        BadYaml: not YAML, a value that is none of its kind, nested deeper than 32 levels, or more than 200,000 values
            once its aliases are replaced (a few lines can stand for billions).
    """
    import yaml

    if len(text) > LARGEST:
        raise BadYaml(f"it is larger than {LARGEST // 1_000_000} MB")
    try:
        _require_small(yaml.parse(text, yaml.SafeLoader))
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or (str(error).splitlines() or [type(error).__name__])[0]
        raise BadYaml(f"it is not YAML: {problem}", mark.line + 1 if mark else None) from error
    except BadYaml:
        raise
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        # what PyYAML raises for "2001-99-99" and "!!int many": the text of a value does not fit its kind
        raise BadYaml(f"it holds a value that is none of its kind: {error}") from error


def _require_small(events: Iterator[Any]) -> None:
    """Follow a text's events, which take no memory, and count what they would make.

    Raises:
        BadYaml: too deep or too much.
    """
    open_counts, open_anchors, sizes = [0], list[str | None]([None]), dict[str | None, int]()
    for event in events:
        kind, line = type(event).__name__, event.start_mark.line + 1
        anchor = getattr(event, "anchor", None)
        if kind in ("SequenceStartEvent", "MappingStartEvent"):
            if len(open_counts) > DEEPEST:
                raise BadYaml(f"it nests deeper than {DEEPEST} levels", line)
            open_counts.append(1)
            open_anchors.append(anchor)
            continue
        if kind in ("SequenceEndEvent", "MappingEndEvent"):
            size, anchor = open_counts.pop(), open_anchors.pop()
        elif kind == "AliasEvent":
            if anchor in open_anchors:
                raise BadYaml(f"it holds itself: *{anchor}", line)
            size, anchor = sizes.get(anchor, 1), None
        elif kind == "ScalarEvent":
            size = 1
        else:
            continue
        if anchor is not None:
            sizes[anchor] = size
        open_counts[-1] += size
        if open_counts[-1] > MOST_VALUES:
            raise BadYaml(f"it stands for more than {MOST_VALUES:,} values", line)
