"""Detections in MOTChallenge text: where the files are, and their content frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable
from numa_runtime.sources import mot_text
from numa_runtime.sources.mot_places import find_detections

Rows = NDArray[np.float64]
"""Boxes x1, y1, x2, y2 in pixels, one a row, and what follows them: score and class, or an identity."""


def rows_by_frame(found: MotTable, frames: int, name: str) -> tuple[Rows, ...]:
    """Return a table of detections as one array per frame; the class is the table's, 0 where it has none.

    Raises:
        DataError: a score outside 0-1, or rows beyond the last frame.
    """
    blank = np.full(len(found), -1.0)
    table = np.column_stack([found.frame, found.id, found.ltwh, found.conf, found.kind, blank])
    return mot_text.rows_by_frame(table, frames, name, DataError)


def tracks_table(frames: Sequence[Rows]) -> MotTable:
    """Return tracks, per frame float64 (m, 5 or more) x1, y1, x2, y2, id, as a table with frames from 1."""
    rows = np.concatenate([np.asarray(frame, np.float64)[:, :5] for frame in frames]) if frames else np.zeros((0, 5))
    number = np.repeat(np.arange(1, len(frames) + 1), [len(frame) for frame in frames])
    return MotTable.of(number, rows[:, 4], np.concatenate([rows[:, :2], rows[:, 2:4] - rows[:, :2]], 1))


def detections_file(name: str, folder: Path, detections: Path | None, *, single: bool) -> Path:
    """Return where a sequence's detections are, as `find_detections` says.

    Args:
        name: the sequence.
        folder: the sequence's own, whose det/det.txt is taken without `detections`.
        detections: the folder of all detections, or a path inside each sequence.
        single: it is the only sequence, so that `detections` may be a file.

    Raises:
        DataError: they are not found; the hint says what is.
    """
    return find_detections(name, folder, detections, single=single, error=DataError)
