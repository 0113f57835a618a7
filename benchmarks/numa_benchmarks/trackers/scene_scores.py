"""How good a tracker is on a made-up scene, by the metrics of the field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from numa_benchmarks.metrics.mot import MotScores, MotSequence, score_mot
from numa_benchmarks.trackers.replay import Rows, tracks_table
from numa_benchmarks.trackers.scenes import SceneFrame

MOST_OBJECTS = 1000
"""The metrics build matrices of objects times tracks per frame: beyond this they would take minutes."""


def score_scene(name: str, frames: Sequence[SceneFrame], tracks: Sequence[Rows]) -> MotScores:
    """Score the tracks of the first `len(tracks)` frames of a scene.

    tracks: per frame float64 (m, 5 or more) x1, y1, x2, y2, id.

    Raises:
        MissingExtra: trackeval is not installed.
    """
    truth = tracks_table([np.column_stack([frame.boxes, frame.ids]) for frame in frames[: len(tracks)]])
    return score_mot([MotSequence(name, truth, tracks_table(tracks), len(tracks))]).combined
