"""Which result belongs to which ground truth: a MOTChallenge folder and a folder of text files."""

from __future__ import annotations

from pathlib import Path

from numa_benchmarks.labels.errors import DataError, read_text
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.mot import MotTable, read_detections, read_mot, read_seqinfo, read_tracks
from numa_benchmarks.labels.mot_detections import detections_file
from numa_benchmarks.metrics.mot_rules import MotRules, has_classes
from numa_benchmarks.metrics.mot_sequence import MotSequence


def pair_sequences(truth: Path, results: Path, left_out: LeftOut | None = None) -> list[MotSequence]:
    """Read every sequence of `truth` that has a result.

    Args:
        truth: folder of SEQUENCE/gt/gt.txt (or SEQUENCE/gt.txt), with or without seqinfo.ini; or such a sequence
            itself.
        results: folder with SEQUENCE.txt; or one file, for one sequence.
        left_out: counts sequences without a result, results and folders without ground truth, and rows.

    Raises:
        DataError: nothing is found, or no sequence has a result.
    """
    left_out = LeftOut() if left_out is None else left_out
    sequences = truth_folders(truth)
    _note_strays(truth, results, {name for name, _ in sequences}, left_out)
    pairs: list[MotSequence] = []
    missing: list[DataError] = []
    for name, folder in sequences:
        try:
            result = _result(name, results, single=len(sequences) == 1)
        except DataError as error:
            missing.append(error)
            continue
        pairs.append(_sequence(name, folder, read_tracks(_truth_of(folder), left_out), read_tracks(result, left_out)))
    if not pairs:
        raise missing[0]
    for absent in missing:
        left_out.refuse("sequence without a result", absent)
    return pairs


def pair_detections(truth: Path, detections: Path | None) -> list[MotSequence]:
    """Read every sequence of `truth` with its detections as the result; places as `detections_file` says.

    Raises:
        DataError: nothing is found, or a sequence has no detections.
    """
    sequences = truth_folders(truth)
    single = len(sequences) == 1
    return [
        _sequence(name, folder, read_mot(_truth_of(folder)), read_detections(file))
        for name, folder in sequences
        for file in [detections_file(name, folder, detections, single=single)]
    ]


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


def _note_strays(truth: Path, results: Path, known: set[str], left_out: LeftOut) -> None:
    """Count results that belong to no sequence, and folders that are none."""
    if results.is_dir():
        for path in sorted(results.glob("*.txt")):
            if path.stem not in known:
                left_out.add("result without ground truth", str(path))
    if truth_file(truth) is None:
        for folder in sorted(truth.iterdir()):
            if folder.is_dir() and folder.name not in known and not folder.name.startswith("."):
                left_out.add("folder without ground truth", str(folder))


def _truth_of(folder: Path) -> Path:
    file = truth_file(folder)
    if file is None:
        raise DataError(f"{folder} holds no ground truth", hint="it is expected as gt/gt.txt")
    return file


def _sequence(name: str, folder: Path, truth: MotTable, found: MotTable) -> MotSequence:
    info, place = folder / "seqinfo.ini", folder.resolve()
    said = read_seqinfo(info) if info.is_file() else None
    around = [said.name if said else "", *(parent.name for parent in place.parents[:2])] if has_classes(truth) else []
    challenge = next((each for each in (name, *around) if MotRules.AUTO.settle(each) is not MotRules.NONE), "")
    return MotSequence(name, truth, found, said.frames if said else None, challenge, _class_names(folder))


def _class_names(folder: Path) -> dict[int, str]:
    """Return what gt/labels.txt (CVAT writes it) calls the classes 1, 2, ...; nothing where there is none."""
    file = folder / "gt" / "labels.txt"
    if not file.is_file():
        return {}
    return dict(enumerate(read_text(file, "the classes' names").splitlines(), start=1))
