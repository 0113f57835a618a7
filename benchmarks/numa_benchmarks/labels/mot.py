"""MOTChallenge text: one row per box, for ground truth and results (https://motchallenge.net/instructions/)."""

from __future__ import annotations

from configparser import ConfigParser
from configparser import Error as IniError
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_benchmarks.labels.errors import DataError, malformed, read_text
from numa_benchmarks.labels.left_out import LeftOut

MALFORMED, SECOND_BOX = "malformed row", "second box of an id in a frame"
"""Reasons of rows that are left out because they are wrong."""
_COLUMNS = 9
_DEFAULTS = (np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 1.0, -1.0, -1.0)
"""What a row that ends early means: from the seventh column on, confidence 1, no class, no visibility."""


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


@dataclass(frozen=True, slots=True)
class SequenceInfo:
    """What seqinfo.ini says: name, number of frames, frames per second, (height, width)."""

    name: str
    frames: int
    fps: float
    shape: tuple[int, int]


def read_mot(path: Path, left_out: LeftOut | None = None) -> MotTable:
    """Read gt.txt, det.txt or a tracker's results; values stand between commas or blanks.

    Args:
        path: the file.
        left_out: counts malformed rows, which are then passed over, unless they are more than half.

    Raises:
        DataError: the file is missing, or a row has too few values, something else than numbers, a frame below 1
            or an identity that is not a whole number; file and line are named.
    """
    lines = read_text(path, "MOTChallenge text").splitlines()
    table = _at_once(lines)
    if table is None:
        rows: list[tuple[float, ...]] = []
        for number, line in enumerate(lines, start=1):
            try:
                rows += [_row(line, path, number)] if line.strip() else []
            except DataError as error:
                if left_out is None:
                    raise
                left_out.refuse(MALFORMED, error)
        table = np.array(rows, np.float64).reshape(-1, _COLUMNS)
    return MotTable.of(
        table[:, 0], table[:, 1], table[:, 2:6], conf=table[:, 6], kind=table[:, 7], visibility=table[:, 8]
    )


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


def _at_once(lines: list[str]) -> NDArray[np.float64] | None:
    """Read plain comma-separated rows six times faster, or return None: row by row is for the rest and for errors."""
    if not lines or lines[0].count(",") < _COLUMNS - 1:
        return None
    try:
        table = np.loadtxt(lines, delimiter=",", usecols=range(_COLUMNS), ndmin=2, comments=None)
    except ValueError:
        return None
    whole = (table[:, :2] == np.floor(table[:, :2])).all()
    return table if np.isfinite(table).all() and whole and (table[:, 0] >= 1).all() else None


def _row(line: str, path: Path, number: int) -> tuple[float, ...]:
    words = line.replace(",", " ").split()
    try:
        values = tuple(map(float, words[:_COLUMNS]))
    except ValueError as error:
        raise malformed(path, number, f"not a row of numbers: {line.strip()!r} ({error})") from error
    if len(values) < 6:
        raise malformed(path, number, f"{len(values)} values; a row is frame,id,left,top,width,height[,conf,class,...]")
    if not np.isfinite(values).all():
        raise malformed(path, number, f"a value is not finite: {line.strip()!r}")
    if values[0] < 1 or not values[0].is_integer():
        raise malformed(path, number, f"frame {values[0]:g}; frames are counted from 1")
    if not values[1].is_integer():
        raise malformed(path, number, f"id {values[1]:g}; identities are whole numbers")
    return values + _DEFAULTS[len(values) :]


def read_seqinfo(path: Path) -> SequenceInfo:
    """Read a seqinfo.ini.

    Raises:
        DataError: it is missing, not an ini file, or lacks a key or number; the key is named.
    """
    ini = ConfigParser(interpolation=None)
    try:
        ini.read_string(read_text(path, "the sequence's description"), str(path))
        section = ini["Sequence"]
        return SequenceInfo(
            section.get("name", path.parent.name),
            int(section["seqLength"]),
            float(section.get("frameRate", "30")),
            (int(section.get("imHeight", "0")), int(section.get("imWidth", "0"))),
        )
    except KeyError as error:
        raise DataError(f"{path} has no {str(error).strip(chr(39))}") from error
    except IniError as error:
        raise DataError(f"{path} is not an ini file: {error.message.splitlines()[0]}") from error
    except ValueError as error:
        raise DataError(f"{path}: {error}") from error
