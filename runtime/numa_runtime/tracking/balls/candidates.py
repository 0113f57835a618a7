"""What `BallTracker.update` accepts as balls, turned into candidates."""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.results import BallRecords, Results
from numa_runtime.tracking.inputs import is_nothing

LAYOUT = "(n, 6) x, y, next_x, next_y, score, class"
LARGEST_PIXEL = 1e9
SCORE_SLACK = 1e-6  # scores above 1 by less are rounding, and clipped


class Candidate(NamedTuple):
    """One detected point: pixels of the source frame; next_x and next_y are NaN where there is no forecast."""

    x: float
    y: float
    next_x: float
    next_y: float
    score: float
    cls: float
    row: int


def as_ball_rows(balls: Any) -> NDArray[np.float64]:
    """Return balls as float64 (n, 6); takes `Results`, `BallRecords` and anything numeric that numpy reads.

    Raises:
        TrackerError: not numbers, or not of this shape.
    """
    if isinstance(balls, Results):
        return balls.ball_records.rows()
    if isinstance(balls, BallRecords):
        return balls.rows()
    try:
        array = np.asarray(balls)
    except (TypeError, ValueError):  # rows of different lengths
        array = np.full(1, None)
    if array.dtype.kind not in "iuf":
        kind = getattr(balls, "dtype", type(balls).__name__)
        raise TrackerError(f"balls of type {kind} are not numbers", hint=f"give an array {LAYOUT}")
    if is_nothing(array):
        return np.zeros((0, 6))
    if array.ndim != 2 or array.shape[1] != 6:
        raise TrackerError(f"balls of shape {array.shape} cannot be read", hint=f"give an array {LAYOUT}")
    return array.astype(np.float64)


def usable(rows: NDArray[np.float64]) -> list[Candidate]:
    """Return the rows with a finite position within 1e9 pixels, score and class; a next need not be finite.

    Raises:
        TrackerError: a score outside 0-1.
    """
    kept = []
    for row, (x, y, next_x, next_y, score, cls) in enumerate(rows.tolist()):
        if not (abs(x) <= LARGEST_PIXEL and abs(y) <= LARGEST_PIXEL and isfinite(score) and isfinite(cls)):
            continue  # NaN compares as false
        if not 0.0 <= score <= 1.0 + SCORE_SLACK:
            raise TrackerError(
                f"ball {row} has score {score:g}; scores are from 0 to 1",
                hint="divide percentages by 100; the columns are x, y, next_x, next_y, score, class",
            )
        kept.append(Candidate(x, y, next_x, next_y, min(score, 1.0), cls, row))
    return kept
