"""Text: whether bytes are some, names shortened in the middle, lines folded between words."""

from __future__ import annotations

import codecs
import re
import textwrap

_LEAST = 5


def is_text(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a text."""
    if b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # not final: the last letter may be cut in two
    except UnicodeDecodeError:
        return False
    return True


def shorten(name: str, room: int) -> str:
    """Return a name in at most `room` characters (5 or more); start and end stay, since ends tell names apart."""
    room = max(room, _LEAST)
    if len(name) <= room:
        return name
    end = (room - 3) // 2
    return f"{name[: room - 3 - end]}...{name[len(name) - end :]}"


def fold(line: str, width: int | None) -> list[str]:
    """Return a line in lines of at most `width` characters, broken between words, best where two blanks separate.

    What follows is indented as the line's own text is: below the value of "name  value", else a little deeper than the
    line. A word that is wider stays whole.
    """
    if width is None or len(line) <= width:
        return [line]
    indent = " " * _hanging(line, width)
    lines, row = [], ""
    for part in re.split(r"(?<=\S)(?=\s{2,}\S)", line):
        if len(row) + len(part) <= width:
            row += part
            continue
        is_label = 0 < len(row) < len(indent)
        lines += [row] if row and not is_label else []
        text = row + part if is_label or not row else indent + part.lstrip()
        *whole, row = _words(text, width, indent)
        lines += whole
    return [*lines, row]


def _words(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    ) or [""]


def _hanging(line: str, width: int) -> int:
    """Return where the lines after the first begin."""
    start = len(line) - len(line.lstrip())
    named = re.match(r"\s*\S+(?: \S+)?\s{2,}(?=\S)", line)
    if named is not None and named.end() <= width // 2:
        return named.end()
    return start + 2
