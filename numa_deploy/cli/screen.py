"""How wide the screen is."""

from __future__ import annotations

import os
from typing import TextIO

_LEAST = 40
"""Narrower, and nothing would fit: lines are left to the terminal."""


def width_of(stream: TextIO) -> int | None:
    """Return the columns of the terminal behind a stream, or what COLUMNS says; None where lines may be of any length.

    A file or a pipe has no width: what reads it wants whole lines.
    """
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said) > 0:
        return max(int(said), _LEAST)
    try:
        columns = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return None
    return max(columns, _LEAST) if columns else None
