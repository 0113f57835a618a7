"""The track benchmark itself: scenes in turns, memory in processes of their own, the user's sequences."""

from __future__ import annotations

import sys
from pathlib import Path

from numa_benchmarks.metrics.mot_folders import pair_detections
from numa_benchmarks.metrics.mot_rules import MotRules
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.command import JSON_FILE, Command
from numa_benchmarks.timing.failure import Failure
from numa_benchmarks.timing.machine import environment
from numa_benchmarks.trackers.boxes_only import boxes_only, moves_with_camera
from numa_benchmarks.trackers.replay import Replay, replay
from numa_benchmarks.trackers.scenes import MOST_OBJECTS, SceneSpec, World, score_scene
from numa_benchmarks.trackers.soak import Soak
from numa_benchmarks.trackers.track_options import TrackOptions
from numa_benchmarks.trackers.track_report import TrackReport
from numa_benchmarks.trackers.track_rows import SceneRow, SoakRow, growth
from numa_benchmarks.trackers.update_cost import Film, Make, measure
from numa_runtime.errors import require
from numa_runtime.words import count

GROWTH = (1000, 10_000)


def run_track_benchmark(options: TrackOptions, watch: Watch | None = None) -> TrackReport:
    """Measure time, memory and quality of every tracker.

    Raises:
        DataError: the folders of sequences do not fit each other.
        MissingExtra: trackeval is not installed.
    """
    require("scoring tracks (HOTA, MOTA, IDF1)", "trackeval")
    told = watch or Watch()
    sequences = _sequences(options)
    if sequences and (movers := [name for name in options.trackers if moves_with_camera(name)]):
        told.note(f"{', '.join(movers)}: the camera is taken to stand still, since detections come without frames")
    told.note(f"loading the kernels of {', '.join(options.trackers)}")
    makers = {name: _maker(name) for name in options.trackers}
    for make in makers.values():
        make()
    scenes = [row for spec in scene_specs(options) for row in _scene(spec, makers, options, told)]
    return TrackReport(
        scenes=tuple(scenes),
        growth=tuple(growth(scenes, *GROWTH)),
        memory=tuple(_soak(name, options, told) for name in options.trackers) if options.soak_frames else (),
        sequences=tuple(_replays(makers, sequences, told, MotRules.parse(options.rules))),
        rounds=options.rounds,
        environment=environment(1),
    )


def scene_specs(options: TrackOptions) -> list[SceneSpec]:
    """Return the scenes in the order of the rows."""
    opened = [SceneSpec(objects) for objects in options.objects]
    return opened + [SceneSpec(objects, World.CROWD) for objects in options.crowd]


def _maker(name: str) -> Make:
    return lambda: boxes_only(name)


def _scene(spec: SceneSpec, makers: dict[str, Make], options: TrackOptions, watch: Watch) -> list[SceneRow]:
    film = Film.of(spec, options.frames_at(spec.objects))
    watch.note(f"{spec.name} objects: {options.rounds} rounds of {len(film.frames)} frames")
    costs = measure(makers, film, options.rounds, watch.progress)
    scored = spec.objects <= MOST_OBJECTS
    return [
        SceneRow(found.tracker, spec, found.cost, score_scene(spec.name, film.frames, found.tracks) if scored else None)
        for found in costs
    ]


def _soak(name: str, options: TrackOptions, watch: Watch) -> SoakRow:
    watch.note(f"{name}: memory over {options.soak_frames:,} frames")
    words = ("-m", "numa_benchmarks.trackers.soak", name, "--frames", str(options.soak_frames), "--json", JSON_FILE)
    try:
        return SoakRow(name, Soak.from_dict(Command((sys.executable, *words), "tracking").run(options.time_limit)))
    except Failure as failure:
        return SoakRow(name, failure=failure)


def _sequences(options: TrackOptions) -> list[MotSequence]:
    if options.gt is None:
        return []
    detections = Path(options.detections) if options.detections else None
    found = pair_detections(Path(options.gt), detections)
    return [sequence.second_half() for sequence in found] if options.second_half else found


def _replays(makers: dict[str, Make], sequences: list[MotSequence], watch: Watch, rules: MotRules) -> list[Replay]:
    if not sequences:
        return []
    frames = sum(sequence.length for sequence in sequences)
    watch.note(f"{count(len(sequences), 'sequence')}, {count(frames, 'frame')}")
    return [replay(name, make, sequences, watch.progress, rules) for name, make in makers.items()]
