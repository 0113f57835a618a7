"""Where a sequence's detections lie."""

from __future__ import annotations

from pathlib import Path

from numa_runtime.errors import NumaError, SourceError

DETECTIONS = Path("det", "det.txt")
"""Where MOTChallenge puts a sequence's detections, in its folder."""

_DETECTORS = ("DPM", "FRCNN", "SDP")
"""MOT17 has every sequence once for each of these, its name after the sequence's; the frames are the same."""


def find_detections(
    name: str, folder: Path | None, given: Path | None, *, single: bool, error: type[NumaError] = SourceError
) -> Path:
    """Return the file of a sequence's detections.

    Args:
        name: the sequence, or the video's stem.
        folder: the sequence's own; None: it has none.
        given: a path inside each sequence ("det/det.txt"), a folder, or a file for a single sequence; None is
            det/det.txt. In a folder it is NAME.txt, NAME/det/det.txt, NAME/det.txt, or the only one of MOT17's
            NAME-DPM.txt, NAME-FRCNN.txt and NAME-SDP.txt.
        single: it is the only sequence.
        error: what is raised.

    Raises:
        NumaError: of the type `error`: they are not found; the hint says what is.
    """
    if given is None:
        if folder is not None and (folder / DETECTIONS).is_file():
            return folder / DETECTIONS
        raise error(
            f"{name} has no detections: {(folder or Path(name)) / DETECTIONS} is missing",
            hint="--detections DIR with SEQUENCE.txt, or --source clip.mp4 --model best.onnx to make them",
        )
    if given.is_file() and single:
        return given
    inside = [] if folder is None or given.is_absolute() else [folder / given]
    places = [*inside, given / f"{name}.txt", given / name / DETECTIONS, given / name / "det.txt"]
    copies = [given / f"{name}-{detector}.txt" for detector in _DETECTORS]
    there = [path for path in copies if path.is_file()]
    places += there if len(there) == 1 else []
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        missing = inside[0] if inside and not given.exists() else given / f"{name}.txt"
        raise error(f"{name} has no detections: {missing} is missing", hint=_hint(folder, given))
    return found


def _hint(folder: Path | None, given: Path) -> str:
    if given.exists():
        return f"{given} {_holds(given)}"
    own = None if folder is None or given.is_absolute() else folder / given.parent
    if own is not None and own.is_dir() and given.parent != Path():
        return f"{own} {_holds(own)}"
    return f"{given} does not exist"


def _holds(place: Path) -> str:
    """Return "holds a.txt, b.txt, ..."."""
    if place.is_file():
        return "is one file, for one sequence"
    have = sorted(path.name for path in place.iterdir() if path.suffix == ".txt" or path.is_dir())
    return "holds " + (", ".join(have[:5]) + (", ..." if len(have) > 5 else "") if have else "no .txt files")
