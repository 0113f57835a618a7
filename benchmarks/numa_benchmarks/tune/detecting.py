"""A model run once over labelled clips; what it found is kept on disk, so that the next tuning starts at once."""

from __future__ import annotations

import logging
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.mot_detections import Rows
from numa_benchmarks.progress import Progress
from numa_benchmarks.tune.clips import find_clips
from numa_benchmarks.tune.folders import read_times, read_truth
from numa_benchmarks.tune.sequence import TuneSequence
from numa_runtime.errors import SinkError
from numa_runtime.files import atomic_path
from numa_runtime.pipeline.model import FrameInfo, Model
from numa_runtime.sources.source import open_source
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.camera.making import make_camera_motion
from numa_runtime.tracking.params import TrackerParams
from numa_runtime.vision.opencv import one_thread

log = logging.getLogger("numa_runtime")


class Camera(NamedTuple):
    """How a tracker takes out the camera's motion, and the score from which a detection is surely an object."""

    method: CameraMotionMethod
    sure: float

    @classmethod
    def of(cls, params: TrackerParams) -> Camera:
        """Return what these parameters ask for; most trackers ask for nothing."""
        return cls(CameraMotionMethod.parse(getattr(params, "gmc_method", None)), params.track_high_thresh)


class Seen(NamedTuple):
    """What was seen in a clip: `TuneSequence` says in which shapes."""

    detections: tuple[Rows, ...]
    times: NDArray[np.float64]
    warps: NDArray[np.float64]


def detect_sequences(
    truth: Path,
    source: str | Path | None,
    model: Model,
    params: TrackerParams,
    *,
    cache: Path,
    progress: Progress | None = None,
) -> list[TuneSequence]:
    """Run `model` over the clips of `source` that are labelled in `truth`.

    Args:
        truth: as `open_sequences` takes it.
        source: a video, or a folder or pattern of videos named as the sequences; a single video or folder of images
            belongs to a single sequence whatever its name; None takes the images in SEQUENCE/img1 next to the truth.
        model: finds the objects.
        params: of the tracker to be tuned, which says whether the camera's motion is wanted.
        cache: folder of detections; a clip is detected again when the clip, the model or its options are others.
        progress: told how far the detection is.

    Raises:
        DataError: a sequence has no clip, or is labelled beyond its end.
        SourceError: a clip cannot be read.
    """
    found = []
    camera = Camera.of(params)
    for name, folder, clip in find_clips(truth, source):
        labelled = read_truth(folder)
        seen = _look(clip, model, camera, cache, progress)
        times: NDArray[np.float64] | None = seen.times
        if clip.is_dir():  # images have no clock of their own
            times = read_times(folder, len(seen.detections))
        warps = None if camera.method is CameraMotionMethod.NONE else seen.warps
        found.append(TuneSequence(name, labelled, seen.detections, times, warps))
    return found


def _look(clip: Path, model: Model, camera: Camera, cache: Path, progress: Progress | None) -> Seen:
    """Return what is seen in every frame of a clip, from the cache where it is known."""
    kept = cache / f"{clip.stem}-{_key(clip, model, camera)}.npz"
    if kept.is_file():
        try:
            with np.load(kept) as arrays:
                rows, counts, times, warps = (arrays[name] for name in ("rows", "counts", "times", "warps"))
        except (OSError, ValueError, KeyError, BadZipFile):
            log.warning("%s is damaged: the clip is detected again", kept)
        else:
            log.info("%s: detections from %s", clip.name, kept)
            return Seen(tuple(np.split(rows, np.cumsum(counts)[:-1])), times, warps)
    seen = _run(clip, model, camera, progress)
    counts = np.array([len(rows) for rows in seen.detections])
    try:
        with atomic_path(kept) as part, part.open("wb") as file:
            rows = np.concatenate(seen.detections)
            np.savez_compressed(file, rows=rows, counts=counts, times=seen.times, warps=seen.warps)
    except SinkError as error:
        log.warning("%s: the detections are not kept", error.what)
    return seen


def _run(clip: Path, model: Model, camera: Camera, progress: Progress | None) -> Seen:
    """Run the model over a clip as tracking does; times never run backwards."""
    frames, times, warps = [], [], []
    motion = make_camera_motion(camera.method)
    with open_source(clip) as source, one_thread():
        for media in source:
            model.start()
            for frame in media:
                rows = model(frame.image, FrameInfo(frame.path, frame.index, frame.timestamp)).detections.rows()
                frames.append(rows)
                times.append(frame.timestamp)
                warps.append(motion.estimate(frame.image, rows[rows[:, 4] >= camera.sure, :4]))
                if progress is not None:
                    progress(len(frames), media.info.frame_count or 0)
    return Seen(tuple(frames), np.maximum.accumulate(np.array(times, np.float64)), np.array(warps))


def _key(clip: Path, model: Model, camera: Camera) -> str:
    """Return what changes when the clip, the model or its options change."""
    digest = sha256(f"{clip.resolve()}|{model.options}|{camera.method}".encode())
    for path in _files(clip):
        told = path.stat()
        digest.update(f"{path.name}|{told.st_size}|{told.st_mtime_ns}".encode())
    for path in _files(Path(model.session.path)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _files(path: Path) -> list[Path]:
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
