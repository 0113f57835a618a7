"""Labelled sequences tracked again from their detections: how good and how fast on somebody's own data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter_ns

from numa_benchmarks.labels.mot_detections import rows_by_frame, tracks_table
from numa_benchmarks.metrics.mot import MotReport, score_mot
from numa_benchmarks.metrics.mot_rules import MotRules
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_benchmarks.progress import Progress
from numa_benchmarks.timing.distribution import Distribution
from numa_benchmarks.trackers.update_cost import Make


@dataclass(frozen=True, slots=True)
class Replay:
    """One tracker on all sequences.

    Attributes:
        tracker: its name.
        scores: against the ground truth.
        track_ms: milliseconds per update over all frames.
    """

    tracker: str
    scores: MotReport
    track_ms: Distribution


def replay(
    name: str,
    make: Make,
    sequences: Sequence[MotSequence],
    progress: Progress | None = None,
    rules: MotRules = MotRules.AUTO,
) -> Replay:
    """Track every sequence with a fresh tracker and score it; a sequence's `result` holds its detections.

    Args:
        name: the tracker's, for the rows.
        make: makes a fresh tracker.
        sequences: with their detections as `result`.
        progress: called with (sequences done, all sequences).
        rules: which rows of the ground truth count.

    Raises:
        DataError: a score outside 0-1, or detections beyond the sequence's end.
        MissingExtra: trackeval is not installed.
    """
    tracked, spent = [], []
    for done, sequence in enumerate(sequences, start=1):
        tracker, found = make(), []
        for rows in rows_by_frame(sequence.result, sequence.length, sequence.name):
            begin = perf_counter_ns()
            tracks = tracker.update(rows)
            spent.append((perf_counter_ns() - begin) / 1e6)
            found.append(tracks)
        tracked.append(replace(sequence, result=tracks_table(found), frames=sequence.length))
        if progress is not None:
            progress(done, len(sequences))
    return Replay(name, score_mot(tracked, rules=rules), Distribution.of(spent))
