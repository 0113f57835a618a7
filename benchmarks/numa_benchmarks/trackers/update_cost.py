"""What one `Tracker.update` costs: trackers and scenes in turns, round after round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter_ns

from numa_benchmarks.labels.mot_detections import Rows
from numa_benchmarks.progress import Progress
from numa_benchmarks.timing.quiet import Cost
from numa_benchmarks.trackers.scenes import SceneFrame, SceneSpec
from numa_runtime.tracking import Tracker

Make = Callable[[], Tracker]


@dataclass(frozen=True, slots=True)
class UpdateCost:
    """One tracker on one scene.

    Attributes:
        tracker: its name.
        scene: what it ran on.
        cost: milliseconds per update.
        tracks: what it returned for each frame, in the first round.
    """

    tracker: str
    scene: SceneSpec
    cost: Cost
    tracks: list[Rows]


@dataclass(frozen=True, slots=True)
class Film:
    """A scene's frames, made once and used by every tracker and round."""

    spec: SceneSpec
    frames: list[SceneFrame]

    @classmethod
    def of(cls, spec: SceneSpec, count: int) -> Film:
        """Return the first `count` frames."""
        return cls(spec, spec.take(count))


def measure(trackers: dict[str, Make], film: Film, rounds: int, progress: Progress | None = None) -> list[UpdateCost]:
    """Time every tracker on one scene: A B C A B C, with a fresh tracker in each round.

    Args:
        trackers: by name, how to make one; making is not timed.
        film: the scene.
        rounds: how often every tracker runs it.
        progress: called with (runs done, all runs).
    """
    times: dict[str, list[list[int]]] = {name: [] for name in trackers}
    tracks: dict[str, list[Rows]] = {}
    done = 0
    for _ in range(rounds):
        for name, make in trackers.items():
            spent, found = run(make(), film.frames)
            times[name].append(spent)
            tracks.setdefault(name, found)
            done += 1
            if progress is not None:
                progress(done, rounds * len(trackers))
    return [UpdateCost(name, film.spec, Cost.of(times[name]), tracks[name]) for name in trackers]


def run(tracker: Tracker, frames: Sequence[SceneFrame]) -> tuple[list[int], list[Rows]]:
    """Track a scene; return the nanoseconds and the tracks of each frame."""
    spent, found = [], []
    for frame in frames:
        begin = perf_counter_ns()
        tracks = tracker.update(frame.detections)
        spent.append(perf_counter_ns() - begin)
        found.append(tracks)
    return spent, found
