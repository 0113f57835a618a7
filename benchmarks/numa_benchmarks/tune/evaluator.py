"""Parameters in, figures out: every clip is tracked and measured once per set of parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.metrics.mot import MotReport, score_mot
from numa_benchmarks.metrics.mot_rules import MotRules
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_benchmarks.tune.families import join, measure
from numa_benchmarks.tune.metric import TuneMetric
from numa_benchmarks.tune.prepared import PreparedTruth
from numa_benchmarks.tune.sequence import TuneSequence
from numa_runtime.tracking import Tracker
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.params import TrackerParams


def follow(tracker: Tracker, sequence: TuneSequence) -> MotTable:
    """Track a clip from its beginning and return the tracks as a table."""
    tracker.reset()
    times = [None] * sequence.frames if sequence.times is None else sequence.times.tolist()
    warps = _warps(tracker.params, sequence)
    found = [
        tracker.update(rows, timestamp=time, warp=warp)
        for rows, time, warp in zip(sequence.detections, times, warps, strict=True)
    ]
    tracks = np.concatenate(found)
    frames = np.repeat(np.arange(1, len(found) + 1), [len(rows) for rows in found])
    ltwh = np.column_stack([tracks[:, :2], tracks[:, 2:4] - tracks[:, :2]])
    return MotTable.of(frames, tracks[:, 4], ltwh, conf=tracks[:, 5])


def moves_with_camera(params: TrackerParams) -> bool:
    """Whether the tracker takes out the camera's motion."""
    return CameraMotionMethod.parse(getattr(params, "gmc_method", None)) is not CameraMotionMethod.NONE


def _warps(params: TrackerParams, sequence: TuneSequence) -> Iterable[NDArray[np.float64] | None]:
    """Return the camera's motion for each frame, as if it stood still where it was not measured."""
    if not moves_with_camera(params):
        return [None] * sequence.frames
    return [np.eye(2, 3)] * sequence.frames if sequence.warps is None else sequence.warps


def score(
    sequences: Sequence[TuneSequence], params: Sequence[TrackerParams], rules: MotRules = MotRules.AUTO
) -> MotReport:
    """Score clips, each tracked with its own parameters, by TrackEval: the figures that are reported."""
    trackers = {each: Tracker(each) for each in dict.fromkeys(params)}
    return score_mot(
        [
            MotSequence(sequence.name, sequence.truth, follow(trackers[each], sequence), sequence.frames)
            for sequence, each in zip(sequences, params, strict=True)
        ],
        rules=rules,
    )


@dataclass(slots=True)
class Evaluator:
    """Measures one metric on clips, and remembers what it measured: folds share their first trials."""

    sequences: Sequence[TuneSequence]
    metric: TuneMetric
    rules: MotRules = MotRules.AUTO
    _prepared: list[PreparedTruth] = field(init=False)
    _known: dict[tuple[TrackerParams, int], Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._prepared = [
            PreparedTruth(each.truth, each.frames, self.rules.settle(each.name)) for each in self.sequences
        ]

    def values(self, params: TrackerParams, clips: Sequence[int]) -> Iterator[float]:
        """Yield the metric in percent over the first clip, the first two, ... of `clips` (indices), all together."""
        tracker = None
        parts = []
        for clip in clips:
            key = (params, clip)
            if key not in self._known:
                tracker = tracker or Tracker(params)
                self._known[key] = self._measure(follow(tracker, self.sequences[clip]), clip)
            parts.append(self._known[key])
            yield self._join(parts)

    def value(self, params: TrackerParams, clips: Sequence[int]) -> float:
        """Return the metric in percent over all of `clips` together."""
        *_, last = self.values(params, clips)
        return last

    def _measure(self, tracks: MotTable, clip: int) -> Any:
        return measure(self.metric, self._prepared[clip].compare(tracks))

    def _join(self, parts: list[Any]) -> float:
        return join(self.metric, parts)
