"""Ground truth on disk, and the detections that belong to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable, read_detections, read_mot, read_seqinfo
from numa_benchmarks.labels.mot_detections import detections_file, rows_by_frame
from numa_benchmarks.metrics.mot_folders import truth_file, truth_folders
from numa_benchmarks.tune.sequence import TuneSequence


def open_sequences(truth: Path, detections: Path | None = None) -> list[TuneSequence]:
    """Read every sequence of `truth` with its detections.

    Both are MOTChallenge text; the eighth column of detections is their class where it is not negative. seqinfo.ini
    says how many frames a sequence has and how many per second; without it the last frame that is mentioned is the
    last, and frames have no time.

    Args:
        truth: folder of SEQUENCE/gt/gt.txt (or SEQUENCE/gt.txt), or such a sequence itself.
        detections: folder with SEQUENCE.txt or SEQUENCE/det/det.txt; one file, for one sequence; None takes
            SEQUENCE/det/det.txt next to the truth.

    Raises:
        DataError: nothing is found, a sequence has no detections, or a file cannot be read.
    """
    found = truth_folders(truth)
    return [
        _read(name, folder, detections_file(name, folder, detections, single=len(found) == 1)) for name, folder in found
    ]


def read_truth(folder: Path) -> MotTable:
    """Read a sequence's ground truth.

    Raises:
        DataError: it is missing or malformed.
    """
    file = truth_file(folder)
    if file is None:
        raise DataError(f"{folder} holds no ground truth", hint="it is expected as gt/gt.txt")
    return read_mot(file)


def read_times(folder: Path, frames: int) -> NDArray[np.float64] | None:
    """Return the seconds of a sequence's frames, None where no seqinfo.ini says its rate."""
    info = folder / "seqinfo.ini"
    return np.arange(frames) / read_seqinfo(info).fps if info.is_file() else None


def _read(name: str, folder: Path, detections: Path) -> TuneSequence:
    truth, found = read_truth(folder), read_detections(detections)
    info = folder / "seqinfo.ini"
    frames = read_seqinfo(info).frames if info.is_file() else max(truth.last_frame, found.last_frame)
    return TuneSequence(name, truth, rows_by_frame(found, frames, name), read_times(folder, frames))
