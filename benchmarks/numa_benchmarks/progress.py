"""Who is told how far something is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int], None]
"""Called with (done, all); all is 0 where it is not known."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told what a benchmark does.

    Attributes:
        note: takes one line about the step that begins.
        progress: is called while a long step goes on; None where it is not shown.
    """

    note: Callable[[str], None] = lambda _: None
    progress: Progress | None = None
