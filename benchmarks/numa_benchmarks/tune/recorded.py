"""Recordings as clips to tune on: neither model nor video is needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.metrics.mot_folders import truth_folders
from numa_benchmarks.tune.folders import read_truth
from numa_benchmarks.tune.sequence import TuneSequence
from numa_runtime.recording import Recording
from numa_runtime.sources.suffixes import media_stem


def recorded_sequences(truth: Path, recordings: Sequence[Recording]) -> list[TuneSequence]:
    """Join every labelled sequence of `truth` with its recording, whose file or video has its name.

    A single sequence takes a single recording whatever its name.

    Raises:
        DataError: a sequence has no recording, or its frames were not all looked at.
    """
    found = truth_folders(truth)
    by_name = {name: each for each in recordings for name in (media_stem(each.header.name), each.path.stem)}
    if len(found) == len(recordings) == 1:
        by_name[found[0][0]] = recordings[0]
    return [_sequence(name, folder, by_name) for name, folder in found]


def _sequence(name: str, folder: Path, by_name: dict[str, Recording]) -> TuneSequence:
    recording = by_name.get(name)
    if recording is None:
        have = ", ".join(sorted(by_name)[:6])
        raise DataError(f"{name} has no recording", hint=f"there is {have}; they are named as their sequences")
    if recording.header.vid_stride != 1:
        raise DataError(
            f"{recording.path} has every {recording.header.vid_stride}th frame only", hint="record without --vid-stride"
        )
    frames = recording.frame_count
    rows = [np.zeros((0, 6))] * frames
    times = np.full(frames, np.nan)
    warps = np.tile(np.eye(2, 3), (frames, 1, 1))
    for result in recording:
        rows[result.frame_index] = result.detections.rows()
        times[result.frame_index] = result.timestamp
        if result.warp is not None:
            warps[result.frame_index] = result.warp
    known = np.flatnonzero(np.isfinite(times))
    if not len(known):
        raise DataError(f"{recording.path} holds no frame", hint="record it again")
    times = np.maximum.accumulate(np.interp(np.arange(frames), known, times[known]))
    measured = warps if recording.header.camera else None
    return TuneSequence(name, read_truth(folder), tuple(rows), times, measured)
