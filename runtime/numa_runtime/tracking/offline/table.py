"""The columns of a table of tracks, and how it is taken apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]

FRAME, ID, X1, SCORE, CLASS = 0, 1, 2, 6, 7
BOX = slice(2, 6)
COLUMNS = 8


def in_order(table: Table) -> Table:
    """Return the rows by id, and of one id by frame."""
    ordered: Table = table[np.lexsort((table[:, FRAME], table[:, ID]))]
    return ordered


def by_track(table: Table) -> list[Table]:
    """Return the rows of each track, in order of frames; tracks in order of their ids."""
    if not len(table):
        return []
    rows = in_order(table)
    return np.split(rows, np.flatnonzero(np.diff(rows[:, ID])) + 1)


def joined(tracks: list[Table]) -> Table:
    """Return one table, by frame and then by id."""
    table = np.concatenate(tracks) if tracks else np.zeros((0, COLUMNS))
    ordered: Table = table[np.lexsort((table[:, ID], table[:, FRAME]))]
    return ordered
