"""MOTChallenge text, one box a row: frame, id, left, top, width, height, score, class, visibility.

https://motchallenge.net/instructions/
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import NumaError, SourceError
from numa_runtime.words import is_number

log = logging.getLogger("numa_runtime")

COLUMNS = 9
DEFAULTS = (np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 1.0, -1.0, -1.0)
"""What a row that ends early means: from the seventh column on, score 1, no class, no visibility."""

Rows = NDArray[np.float64]
Refuse = Callable[[int, str], None]
"""Called with the number of a line, from 1, and what is wrong with it; where it returns, the line is passed over."""

_BETWEEN = re.compile(r"[,\s]+")


class _BadRow(Exception):
    """What is wrong with a row."""


def mot_rows(text: str, refuse: Refuse, *, first: int = 1) -> Rows:
    """Return float64 (n, 9), the rows of MOTChallenge text in the order of the file.

    Values stand between commas, blanks, tabs or semicolons (then a comma is a decimal point); a first line without a
    single number is a heading.

    Args:
        text: the file's.
        refuse: told about rows with too few values, something else than numbers, a frame below `first`, or an identity
            that is not a whole number.
        first: the lowest number a frame may have.
    """
    lines = text.splitlines()
    table = _at_once(lines, first)
    if table is not None:
        return table
    rows: list[tuple[float, ...]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or (number == 1 and _is_heading(line)):
            continue
        try:
            rows.append(_row(line, first))
        except _BadRow as bad:
            refuse(number, str(bad))
    return np.array(rows, np.float64).reshape(-1, COLUMNS)


def read_detections(path: Path, error: type[NumaError] = SourceError) -> Rows:
    """Return the rows of a file of detections, frames counted from 1.

    A file that counts from 0 is taken as one that counts from 1, and said. The order of rows does not matter, and
    frames may have none.

    Args:
        path: the file.
        error: what is raised.

    Raises:
        NumaError: of the type `error`: the file is missing or no text, or a row is malformed; file and line are named.
    """

    def refuse(line: int, why: str) -> None:
        raise error(f"{path}:{line}: {why}")

    rows = mot_rows(file_text(path, "detections", error), refuse, first=0)
    if len(rows) and rows[:, 0].min() == 0:
        log.warning("%s counts frames from 0: its frame 0 is taken as the first", path)
        rows[:, 0] += 1
    return rows


def file_text(path: Path, what: str, error: type[NumaError] = SourceError, *, hint: str = "") -> str:
    """Return the text of a file; `what` it is, and `hint`, the way out, are for messages.

    Raises:
        NumaError: of the type `error`: it is missing, unreadable or not text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error(f"{path} ({what}) does not exist", hint=hint) from None
    except UnicodeDecodeError as reason:
        raise error(f"{path} ({what}) is not UTF-8 text: {reason.reason}") from reason
    except OSError as reason:
        raise error(f"{path} ({what}) cannot be read: {reason.strerror or reason}") from reason


def rows_by_frame(table: Rows, frames: int, name: str, error: type[NumaError] = SourceError) -> tuple[Rows, ...]:
    """Return detections frame by frame, as `Tracker.update` takes them.

    Args:
        table: (n, 9) as `mot_rows` gives it.
        frames: how many frames there are.
        name: of the sequence, for messages.
        error: what is raised.

    Returns:
        For each frame float64 (k, 6) x1, y1, x2, y2, score, class; class 0 where the file has none.

    Raises:
        NumaError: of the type `error`: a score outside 0-1, or rows beyond the last frame.
    """
    scores = table[:, 6]
    bad = np.flatnonzero((scores < 0) | (scores > 1))
    if len(bad):
        raise error(
            f"{name}: a detection of frame {table[bad[0], 0]:g} has score {scores[bad[0]]:g}, not 0 to 1",
            hint="the seventh column is the score; rescale it (DPM's are not probabilities)",
        )
    last = table[:, 0].max(initial=0)
    if last > frames:
        raise error(
            f"{name}: the detections go to frame {last:g}, the clip ends at {frames}",
            hint="are they of the whole clip, and numbered from 1?",
        )
    boxes = np.column_stack([table[:, 2:4], table[:, 2:4] + table[:, 4:6], scores, np.maximum(table[:, 7], 0.0)])
    order = np.argsort(table[:, 0], kind="stable")
    edges = np.searchsorted(table[order, 0], np.arange(1, frames + 2))
    return tuple(np.ascontiguousarray(boxes[order[start:stop]]) for start, stop in pairwise(edges.tolist()))


def _at_once(lines: list[str], first: int) -> Rows | None:
    """Read plain comma-separated rows six times faster, or return None: row by row is for the rest and for errors."""
    if not lines or lines[0].count(",") < COLUMNS - 1:
        return None
    try:
        table = np.loadtxt(lines, delimiter=",", usecols=range(COLUMNS), ndmin=2, comments=None)
    except ValueError:
        return None
    whole = (table[:, :2] == np.floor(table[:, :2])).all()
    return table if np.isfinite(table).all() and whole and (table[:, 0] >= first).all() else None


def _words(line: str) -> list[str]:
    if ";" in line:
        return line.replace(",", ".").replace(";", " ").split()
    return list(filter(None, _BETWEEN.split(line.strip())))


def _is_heading(line: str) -> bool:
    return not any(is_number(word) for word in _words(line))


def _row(line: str, first: int) -> tuple[float, ...]:
    words = _words(line)
    try:
        values = tuple(map(float, words[:COLUMNS]))
    except ValueError as error:
        raise _BadRow(f"not a row of numbers: {line.strip()!r} ({error})") from error
    if len(values) < 6:
        raise _BadRow(f"{len(values)} values; a row is frame,id,left,top,width,height[,conf,class,...]")
    if not np.isfinite(values).all():
        raise _BadRow(f"a value is not finite: {line.strip()!r}")
    if values[0] < first or not values[0].is_integer():
        raise _BadRow(f"frame {values[0]:g}; frames are counted from 1")
    if not values[1].is_integer():
        raise _BadRow(f"id {values[1]:g}; identities are whole numbers")
    return values + DEFAULTS[len(values) :]
