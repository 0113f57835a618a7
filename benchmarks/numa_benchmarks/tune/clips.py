"""Which clip belongs to which labelled sequence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.metrics.mot_folders import truth_folders
from numa_runtime.sources.find import find_files


class Clip(NamedTuple):
    """A sequence's name, the folder with its ground truth, and its video or folder of images."""

    name: str
    folder: Path
    path: Path


def find_clips(truth: Path, source: str | Path | None) -> list[Clip]:
    """Return the clip of every sequence of `truth`, as `detect_sequences` takes them.

    Raises:
        DataError: nothing is labelled, or a sequence has no clip.
        SourceError: nothing is found at `source`.
    """
    folders = truth_folders(truth)
    if source is None:
        return [Clip(name, folder, _images(name, folder)) for name, folder in folders]
    found = find_files(source)
    if len(folders) == 1 and len(found.videos) + bool(found.images) == 1:
        return [Clip(*folders[0], found.videos[0] if found.videos else Path(source))]
    if not found.videos:
        raise DataError(
            f"{source} holds no video", hint="--source clip.mp4, or a folder of clips named as the sequences"
        )
    return [Clip(name, folder, _named(name, found.videos)) for name, folder in folders]


def _images(name: str, folder: Path) -> Path:
    if not (folder / "img1").is_dir():
        raise DataError(
            f"{name} has no images: {folder / 'img1'} is missing",
            hint="--source clip.mp4, or a folder of clips named as the sequences",
        )
    return folder / "img1"


def _named(name: str, clips: Sequence[Path]) -> Path:
    clip = next((path for path in clips if path.stem == name), None)
    if clip is None:
        have = ", ".join(path.name for path in clips[:5]) + (", ..." if len(clips) > 5 else "")
        raise DataError(f"{name} has no clip", hint=f"there is {have}; clips are named as their sequences, {name}.mp4")
    return clip
