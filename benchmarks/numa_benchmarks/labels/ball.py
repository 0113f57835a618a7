"""Ball CSV: `Frame,Visibility,X,Y`, one row per frame, as labels are kept and as `predict` writes them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_benchmarks.labels.errors import DataError, malformed, read_text

HEADER = ("frame", "visibility", "x", "y")
_ALSO = {"ball": "visibility", "file name": "frame", "x-coordinate": "x", "y-coordinate": "y"}
"""Other names of the same columns, as published data sets have them; an image's name ends with its number."""

_SHARES = 2.0
"""Where no ball of a table lies farther from the corner, its numbers are shares of width and height, not pixels."""

_NUMBERED = re.compile(r"(\d+)\.\w+$")


@dataclass(frozen=True, slots=True)
class BallTable:
    """n frames, in their order, each at most once.

    Attributes:
        frame: int64 (n,).
        visible: bool (n,).
        xy: float64 (n, 2), pixels of the source; (0, 0) where the frame has no ball.
        lines: of the file, by frame.
    """

    frame: NDArray[np.int64]
    visible: NDArray[np.bool_]
    xy: NDArray[np.float64]
    lines: Mapping[int, int] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, frame: ArrayLike, visible: ArrayLike, xy: ArrayLike) -> BallTable:
        """Make a table from anything array-like; visible at (0, 0) means "no ball" too."""
        frames = np.asarray(frame, np.int64).reshape(-1)
        points = np.asarray(xy, np.float64).reshape(len(frames), 2)
        seen = np.asarray(visible).reshape(len(frames)).astype(np.bool_) & (points != 0).any(axis=1)
        order = np.argsort(frames, kind="stable")
        return cls(frames[order], seen[order], np.where(seen[:, None], points, 0.0)[order])

    def __len__(self) -> int:
        return len(self.frame)

    def in_pixels(self, shape: tuple[int, int]) -> BallTable:
        """Return the table in pixels of frames of (height, width), whether it has pixels or shares of the sides.

        A ball beside the picture (1.02) is no pixel either: shares end well before `_SHARES`, pixels go on.
        """
        if not self.visible.any() or self.xy[self.visible].max() >= _SHARES:
            return self
        return replace(self, xy=self.xy * [shape[1], shape[0]])


def read_ball_csv(path: Path) -> BallTable:
    """Read a ball CSV; columns are found by their header, others are skipped.

    Raises:
        DataError: the file is missing, its header lacks a column, a row is malformed, or a frame comes twice;
            file and line are named.
    """
    reader = csv.reader(read_text(path, "ball positions").splitlines())
    columns = _columns(path, next(reader, []))
    rows: list[tuple[float, ...]] = []
    seen: dict[float, int] = {}
    for number, words in enumerate(reader, start=2):
        if not words:
            continue
        row = _row(words, columns, path, number)
        if row[0] in seen:
            raise malformed(path, number, f"frame {row[0]:g} was already on line {seen[row[0]]}")
        seen[row[0]] = number
        rows.append(row)
    table = np.array(rows, np.float64).reshape(-1, 4)
    lines = {int(frame): line for frame, line in seen.items()}
    return replace(BallTable.of(table[:, 0], table[:, 1], table[:, 2:]), lines=lines)


def _columns(path: Path, header: list[str]) -> list[int]:
    names = [_ALSO.get(word.strip().lower(), word.strip().lower()) for word in header]
    missing = [name for name in HEADER if name not in names]
    if missing:
        raise DataError(
            f"{path} is not a ball CSV: its header {','.join(header)!r} has no column {', '.join(missing)}",
            hint="the first line must be Frame,Visibility,X,Y",
        )
    return [names.index(name) for name in HEADER]


def _row(words: list[str], columns: list[int], path: Path, number: int) -> tuple[float, ...]:
    try:
        frame, visible, x, y = (words[column].strip() for column in columns)
        named = _NUMBERED.search(frame)
        nothing = not x and not y and float(visible) == 0  # a ball that is not there needs no place
        row = (float(named[1] if named else frame), float(visible), *((0.0, 0.0) if nothing else (float(x), float(y))))
    except (ValueError, IndexError):
        raise malformed(path, number, f"not frame, visibility, x, y: {','.join(words)!r}") from None
    if not np.isfinite(row).all() or not row[0].is_integer():
        raise malformed(path, number, f"frame must be a whole number, x and y finite: {','.join(words)!r}")
    return row
