"""Which result belongs to which ground truth: a MOTChallenge folder and a folder of text files."""

from __future__ import annotations

from pathlib import Path

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import read_mot, read_seqinfo
from numa_benchmarks.labels.mot_detections import detections_file
from numa_benchmarks.metrics.mot import MotSequence


def pair_sequences(truth: Path, results: Path) -> list[MotSequence]:
    """Read every sequence of `truth` that has a result.

    Args:
        truth: folder of SEQUENCE/gt/gt.txt (or SEQUENCE/gt.txt), with or without seqinfo.ini; or such a sequence
            itself.
        results: folder with SEQUENCE.txt; or one file, for one sequence.

    Raises:
        DataError: nothing is found, or a sequence has no result.
    """
    sequences = truth_folders(truth)
    return [_read(name, folder, _result(name, results, single=len(sequences) == 1)) for name, folder in sequences]


def pair_detections(truth: Path, detections: Path | None) -> list[MotSequence]:
    """Read every sequence of `truth` with its detections as the result; places as `detections_file` says.

    Raises:
        DataError: nothing is found, or a sequence has no detections.
    """
    sequences = truth_folders(truth)
    single = len(sequences) == 1
    return [_read(name, folder, detections_file(name, folder, detections, single=single)) for name, folder in sequences]


def truth_folders(truth: Path) -> list[tuple[str, Path]]:
    """Return name and folder of every sequence of `truth`, as `pair_sequences` takes it.

    Raises:
        DataError: it has none.
    """
    if not truth.is_dir():
        raise DataError(f"{truth} is not a folder", hint="give a folder with SEQUENCE/gt/gt.txt")
    if truth_file(truth):
        return [(truth.name, truth)]
    found = [(folder.name, folder) for folder in sorted(truth.iterdir()) if folder.is_dir() and truth_file(folder)]
    if not found:
        raise DataError(f"{truth} holds no ground truth", hint="it is expected as SEQUENCE/gt/gt.txt")
    return found


def truth_file(folder: Path) -> Path | None:
    """Return a sequence's ground truth, or None where the folder has none."""
    places = (folder / "gt" / "gt.txt", folder / "gt.txt")
    return next((path for path in places if path.is_file()), None)


def _result(name: str, results: Path, *, single: bool) -> Path:
    if results.is_file() and single:
        return results
    path = results / f"{name}.txt"
    if path.is_file():
        return path
    have = sorted(other.name for other in results.glob("*.txt")) if results.is_dir() else []
    listed = ", ".join(have[:5]) + (", ..." if len(have) > 5 else "") if have else "no .txt files"
    raise DataError(f"{name} has no result: {path} is missing", hint=f"{results} holds {listed}")


def _read(name: str, folder: Path, result: Path) -> MotSequence:
    file = truth_file(folder)
    if file is None:
        raise DataError(f"{folder} holds no ground truth", hint="it is expected as gt/gt.txt")
    truth, found = read_mot(file), read_mot(result)
    info = folder / "seqinfo.ini"
    frames = read_seqinfo(info).frames if info.is_file() else None
    return MotSequence(name, truth, found, frames)
