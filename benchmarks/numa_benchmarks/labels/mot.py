"""MOTChallenge text: one row per box, for ground truth and results (https://motchallenge.net/instructions/)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_benchmarks.labels.errors import DataError, malformed, read_text
from numa_benchmarks.labels.left_out import LeftOut
from numa_runtime.sources import mot_text, seqinfo
from numa_runtime.sources.mot_text import mot_rows
from numa_runtime.sources.seqinfo import SequenceInfo

MALFORMED, SECOND_BOX = "malformed row", "second box of an id in a frame"
"""Reasons of rows that are left out because they are wrong."""


@dataclass(frozen=True, slots=True)
class MotTable:
    """n rows in file order; row i of every array is one and the same box.

    Attributes:
        frame: int64 (n,), from 1.
        id: int64 (n,).
        ltwh: float64 (n, 4) left, top, width, height in pixels.
        conf: float64 (n,), the score; in ground truth 0 = not to be scored.
        kind: float64 (n,), the class of MOT16 and later, -1 or anything where the file has none.
        visibility: float64 (n,), -1 where not given.
    """

    frame: NDArray[np.int64]
    id: NDArray[np.int64]
    ltwh: NDArray[np.float64]
    conf: NDArray[np.float64]
    kind: NDArray[np.float64]
    visibility: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        frame: ArrayLike,
        identity: ArrayLike,
        ltwh: ArrayLike,
        *,
        conf: ArrayLike | None = None,
        kind: ArrayLike | None = None,
        visibility: ArrayLike | None = None,
    ) -> MotTable:
        """Make a table from anything array-like; conf is 1, class and visibility -1 unless given."""
        frames = np.asarray(frame, np.int64).reshape(-1)
        n = len(frames)

        def column(values: ArrayLike | None, default: float) -> NDArray[np.float64]:
            return np.full(n, default) if values is None else np.asarray(values, np.float64).reshape(n)

        return cls(
            frames,
            np.asarray(identity, np.int64).reshape(n),
            np.asarray(ltwh, np.float64).reshape(n, 4),
            column(conf, 1.0),
            column(kind, -1.0),
            column(visibility, -1.0),
        )

    @classmethod
    def of_rows(cls, rows: NDArray[np.float64]) -> MotTable:
        """Make a table from (n, 9) rows of MOTChallenge text."""
        return cls.of(rows[:, 0], rows[:, 1], rows[:, 2:6], conf=rows[:, 6], kind=rows[:, 7], visibility=rows[:, 8])

    @classmethod
    def empty(cls) -> MotTable:
        """Return a table without rows."""
        return cls.of([], [], [])

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def last_frame(self) -> int:
        """The highest frame number, 0 without rows."""
        return int(self.frame.max(initial=0))

    def select(self, index: Any) -> MotTable:
        """Return the rows at `index` (mask, slice or integer array)."""
        return MotTable(
            self.frame[index],
            self.id[index],
            self.ltwh[index],
            self.conf[index],
            self.kind[index],
            self.visibility[index],
        )

    def after(self, frame: int) -> MotTable:
        """Return the rows of the frames after `frame`, renumbered from 1."""
        rest = self.select(self.frame > frame)
        return MotTable(rest.frame - frame, rest.id, rest.ltwh, rest.conf, rest.kind, rest.visibility)


def read_mot(path: Path, left_out: LeftOut | None = None) -> MotTable:
    """Read gt.txt, det.txt or a tracker's results; values stand between commas or blanks.

    Args:
        path: the file.
        left_out: counts malformed rows, which are then passed over, unless they are more than half.

    Raises:
        DataError: the file is missing, or a row has too few values, something else than numbers, a frame below 1
            or an identity that is not a whole number; file and line are named.
    """

    def refuse(line: int, why: str) -> None:
        error = malformed(path, line, why)
        if left_out is None:
            raise error
        left_out.refuse(MALFORMED, error)

    return MotTable.of_rows(mot_rows(read_text(path, "MOTChallenge text"), refuse))


def read_detections(path: Path) -> MotTable:
    """Read detections; a file that counts frames from 0 is taken as one that counts from 1, and said.

    Raises:
        DataError: the file is missing, or a row is malformed; file and line are named.
    """
    return MotTable.of_rows(mot_text.read_detections(path, DataError))


def read_tracks(path: Path, left_out: LeftOut) -> MotTable:
    """Read tracks, in which an identity has one box a frame and every box an area.

    Args:
        path: the file.
        left_out: counts rows that are malformed, are there twice or give an identity a second box in a frame, and boxes
            without an area.

    Raises:
        DataError: the file is missing, or more than half of its rows are malformed.
    """
    own = LeftOut()
    table = read_mot(path, own)
    own.settle({MALFORMED: len(table) + own.count(MALFORMED)})
    left_out.take(own)
    empty: NDArray[np.bool_] = np.minimum(table.ltwh[:, 2], table.ltwh[:, 3]) <= 0
    if not empty.any() and len(np.unique(np.stack([table.frame, table.id]), axis=1).T) == len(table):
        return table
    return _once(table, empty, path, left_out)


def _once(table: MotTable, empty: NDArray[np.bool_], path: Path, left_out: LeftOut) -> MotTable:
    """Return the first box of each identity and frame that is not `empty`; count the others."""
    first: dict[tuple[int, int], int] = {}
    kept: list[int] = []
    for row, key in enumerate(zip(table.frame.tolist(), table.id.tolist(), strict=True)):
        where = f"{path}: id {key[1]} in frame {key[0]}"
        if empty[row]:
            left_out.add("box without an area", where)
        elif key not in first:
            first[key] = row
            kept.append(row)
        elif (table.ltwh[row] == table.ltwh[first[key]]).all():
            left_out.add("row that is there twice, counted once", where)
        else:
            left_out.refuse(SECOND_BOX, DataError(f"{where} has a second box"))
    return table.select(np.array(kept, np.int64))


def read_seqinfo(path: Path) -> SequenceInfo:
    """Read a seqinfo.ini.

    Raises:
        DataError: it is missing, not an ini file, or lacks a key or number; the key is named.
    """
    return seqinfo.read_seqinfo(path, DataError)
