"""Detections in MOTChallenge text: where the files are, and their content frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable

Rows = NDArray[np.float64]
"""Boxes x1, y1, x2, y2 in pixels, one a row, and what follows them: score and class, or an identity."""


def rows_by_frame(found: MotTable, frames: int, name: str) -> tuple[Rows, ...]:
    """Return a table of detections as one array per frame; the class is the table's, 0 where it has none.

    Raises:
        DataError: a score outside 0-1, or rows beyond the last frame.
    """
    bad = np.flatnonzero((found.conf < 0) | (found.conf > 1))
    if len(bad):
        raise DataError(
            f"{name}: a detection of frame {found.frame[bad[0]]} has score {found.conf[bad[0]]:g}, not 0 to 1",
            hint="the seventh column is the score; rescale it (DPM's are not probabilities)",
        )
    if found.last_frame > frames:
        raise DataError(
            f"{name}: the detections go to frame {found.last_frame}, the clip ends at {frames}",
            hint="are they of the whole clip, and numbered from 1?",
        )
    kind = np.maximum(found.kind, 0.0)
    table = np.column_stack([found.ltwh[:, :2], found.ltwh[:, :2] + found.ltwh[:, 2:], found.conf, kind])
    order = np.argsort(found.frame, kind="stable")
    edges = np.searchsorted(found.frame[order], np.arange(1, frames + 2))
    return tuple(np.ascontiguousarray(table[order[start:stop]]) for start, stop in pairwise(edges.tolist()))


def tracks_table(frames: Sequence[Rows]) -> MotTable:
    """Return tracks, per frame float64 (m, 5 or more) x1, y1, x2, y2, id, as a table with frames from 1."""
    rows = np.concatenate([np.asarray(frame, np.float64)[:, :5] for frame in frames]) if frames else np.zeros((0, 5))
    number = np.repeat(np.arange(1, len(frames) + 1), [len(frame) for frame in frames])
    return MotTable.of(number, rows[:, 4], np.concatenate([rows[:, :2], rows[:, 2:4] - rows[:, :2]], 1))


def detections_file(name: str, folder: Path, detections: Path | None, *, single: bool) -> Path:
    """Return where a sequence's detections are: DETECTIONS/SEQUENCE.txt or DETECTIONS/SEQUENCE/det/det.txt.

    Args:
        name: the sequence.
        folder: the sequence's own, whose det/det.txt is taken without `detections`.
        detections: the folder of all detections.
        single: it is the only sequence, so that `detections` may be a file.

    Raises:
        DataError: they are not found; the hint says what is.
    """
    if detections is None:
        path = folder / "det" / "det.txt"
        if not path.is_file():
            raise DataError(
                f"{name} has no detections: {path} is missing",
                hint="--detections DIR with SEQUENCE.txt, or --source clip.mp4 --model best.onnx to make them",
            )
        return path
    if detections.is_file() and single:
        return detections
    places = (detections / f"{name}.txt", detections / name / "det" / "det.txt", detections / name / "det.txt")
    path_or_none = next((path for path in places if path.is_file()), None)
    if path_or_none is None:
        raise DataError(f"{name} has no detections: {places[0]} is missing", hint=f"{detections} {_holds(detections)}")
    return path_or_none


def _holds(folder: Path) -> str:
    """Return "holds a.txt, b.txt, ..."."""
    if not folder.exists():
        return "does not exist"
    if folder.is_file():
        return "is one file, for one sequence"
    have = sorted(path.name for path in folder.iterdir() if path.suffix == ".txt" or path.is_dir())
    return "holds " + (", ".join(have[:5]) + (", ..." if len(have) > 5 else "") if have else "no .txt files")
