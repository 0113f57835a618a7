"""A model run once over labelled clips; what it found is kept on disk, so that the next tuning starts at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.metrics.mot_folders import truth_folders
from numa_benchmarks.tune.folders import read_times, read_truth
from numa_benchmarks.tune.sequence import Rows, TuneSequence
from numa_runtime.errors import SinkError
from numa_runtime.files import atomic_path
from numa_runtime.pipeline.model import FrameInfo, Model
from numa_runtime.sources.find import find_files
from numa_runtime.sources.source import open_source
from numa_runtime.vision.opencv import one_thread

log = logging.getLogger("numa_runtime")

Progress = Callable[[int, int], None]
"""Called with (frames done, frames there are, 0 when unknown)."""


def detect_sequences(
    truth: Path, source: str | Path | None, model: Model, *, cache: Path, progress: Progress | None = None
) -> list[TuneSequence]:
    """Run `model` over the clips of `source` that are labelled in `truth`.

    truth: as `open_sequences` takes it. source: a video, or a folder or pattern of videos called as the sequences
    are; a single video or folder of images belongs to a single sequence whatever its name; None takes the images in
    SEQUENCE/img1 beside the truth. cache: folder of detections; a clip is detected again when the clip, the model or
    its options are others.

    Raises:
        DataError: a sequence has no clip, or is labelled beyond its end. SourceError: a clip cannot be read.
    """
    found = []
    for name, folder, clip in _pairs(truth_folders(truth), source):
        labelled = read_truth(folder)
        detections, times = _detected(clip, model, cache, progress)
        if clip.is_dir():  # images have no clock of their own
            times = read_times(folder, len(detections))
        found.append(TuneSequence(name, labelled, detections, times))
    return found


def _pairs(folders: list[tuple[str, Path]], source: str | Path | None) -> list[tuple[str, Path, Path]]:
    """Return name, folder with the ground truth, and clip of every sequence."""
    if source is None:
        return [(name, folder, _images(name, folder)) for name, folder in folders]
    found = find_files(source)
    if len(folders) == 1 and len(found.videos) + bool(found.images) == 1:
        return [(*folders[0], found.videos[0] if found.videos else Path(source))]
    if not found.videos:
        raise DataError(
            f"{source} holds no video", hint="--source clip.mp4, or a folder of clips named as the sequences"
        )
    return [(name, folder, _clip(name, found.videos)) for name, folder in folders]


def _images(name: str, folder: Path) -> Path:
    if not (folder / "img1").is_dir():
        raise DataError(
            f"{name} has no images: {folder / 'img1'} is missing",
            hint="--source clip.mp4, or a folder of clips named as the sequences",
        )
    return folder / "img1"


def _clip(name: str, clips: Sequence[Path]) -> Path:
    clip = next((path for path in clips if path.stem == name), None)
    if clip is None:
        have = ", ".join(path.name for path in clips[:5]) + (", ..." if len(clips) > 5 else "")
        raise DataError(f"{name} has no clip", hint=f"there is {have}; clips are named as their sequences, {name}.mp4")
    return clip


def _detected(
    clip: Path, model: Model, cache: Path, progress: Progress | None
) -> tuple[tuple[Rows, ...], NDArray[np.float64] | None]:
    """Return the detections and times of every frame of a clip, from the cache where they are known."""
    kept = cache / f"{clip.stem}-{_key(clip, model)}.npz"
    if kept.is_file():
        try:
            with np.load(kept) as arrays:
                rows, counts, times = arrays["rows"], arrays["counts"], arrays["times"]
        except (OSError, ValueError, KeyError, BadZipFile):
            log.warning("%s is damaged: the clip is detected again", kept)
        else:
            log.info("%s: detections from %s", clip.name, kept)
            return tuple(np.split(rows, np.cumsum(counts)[:-1])), times
    frames, times = _run(clip, model, progress)
    counts = np.array([len(rows) for rows in frames])
    try:
        with atomic_path(kept) as part, part.open("wb") as file:
            np.savez_compressed(file, rows=np.concatenate(frames), counts=counts, times=times)
    except SinkError as error:
        log.warning("%s: the detections are not kept", error.what)
    return frames, times


def _run(clip: Path, model: Model, progress: Progress | None) -> tuple[tuple[Rows, ...], NDArray[np.float64]]:
    """Run the model over a clip as tracking does; times never run backwards."""
    frames, times = [], []
    with open_source(clip) as source, one_thread():
        for media in source:
            model.start()
            for frame in media:
                frames.append(model(frame.image, FrameInfo(frame.path, frame.index, frame.timestamp)).detections.rows())
                times.append(frame.timestamp)
                if progress is not None:
                    progress(len(frames), media.info.frame_count or 0)
    return tuple(frames), np.maximum.accumulate(np.array(times, np.float64))


def _key(clip: Path, model: Model) -> str:
    """Return what changes when the clip, the model or its options change."""
    digest = sha256(f"{clip.resolve()}|{model.options}".encode())
    for path in _files(clip):
        told = path.stat()
        digest.update(f"{path.name}|{told.st_size}|{told.st_mtime_ns}".encode())
    for path in _files(Path(model.session.path)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _files(path: Path) -> list[Path]:
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
