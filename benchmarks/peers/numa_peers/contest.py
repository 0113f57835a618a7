"""All peers over the same scenes in turns, A B C A B C, so that a slow phase of the machine slows all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from numa_benchmarks.labels.mot_detections import Rows
from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.failure import Failure
from numa_benchmarks.timing.quiet import Cost
from numa_benchmarks.trackers.scenes import SceneFrame, SceneSpec, score_scene, usual_frames
from numa_peers.catalogue import OURS, Peer
from numa_peers.contestant import Contestant, save_scene, start
from numa_peers.standing import Standing, broken

ENOUGH = 3
"""A peer that does fewer frames than this in a turn gets one turn only: four would tell nothing more."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the contest goes. turn_s: seconds of tracking a turn may take. limit_s: the longest silence of a peer.

    arrays: the clock runs while a frame's array of detections becomes what the peer takes (lists of tuples, ...).
    """

    objects: tuple[int, ...] = (10, 100, 1000)
    rounds: int = 4
    frames: int | None = None
    turn_s: float = 8.0
    limit_s: float = 120.0
    arrays: bool = False

    def frames_at(self, objects: int) -> int:
        """Return the frames of a scene: fewer where they are slow, unless `frames` says."""
        return self.frames or usual_frames(objects)


@dataclass(slots=True)
class _Record:
    times: list[list[int]] = field(default_factory=list)
    tracks: list[Rows] = field(default_factory=list)
    failure: Failure | None = None

    @property
    def reached(self) -> int:
        return max((len(turn) for turn in self.times), default=0)

    @property
    def out(self) -> bool:
        return self.failure is not None or (bool(self.times) and self.reached < ENOUGH)


def hold(peers: Sequence[Peer], rules: Rules, home: Path, watch: Watch | None = None) -> tuple[Standing, ...]:
    """Return one standing per number of objects and peer; a peer that cannot be had keeps its rows, with the reason."""
    told = watch or Watch()
    contestants: dict[str, Contestant | Failure] = {}
    versions: dict[str, str] = {}
    try:
        for peer in peers:
            told.note(f"{peer.name}: loading")
            contestants[peer.name], versions[peer.name] = start(peer, home, rules.limit_s)
        found: list[Standing] = []
        with TemporaryDirectory(prefix="numa-peers-") as folder:
            for objects in rules.objects:
                scene = SceneSpec(objects).take(rules.frames_at(objects))
                told.note(f"{objects} objects: {rules.rounds} rounds of {len(scene)} frames")
                records = _rounds(contestants, scene, Path(folder), rules, told)
                told.note(f"{objects} objects: scoring")
                found += _standings(peers, objects, scene, records, versions)
        return tuple(found)
    finally:
        for contestant in contestants.values():
            if isinstance(contestant, Contestant):
                contestant.close()


def _rounds(
    contestants: dict[str, Contestant | Failure], scene: list[SceneFrame], folder: Path, rules: Rules, watch: Watch
) -> dict[str, _Record]:
    path = folder / f"{len(scene[0].ids)}.npz"
    save_scene(path, [frame.detections for frame in scene])
    records = {name: _Record(failure=one if isinstance(one, Failure) else None) for name, one in contestants.items()}
    for number in range(rules.rounds):
        for place, (name, contestant) in enumerate(contestants.items()):
            record = records[name]
            if isinstance(contestant, Contestant) and not record.out:
                _turn(contestant, record, path, len(scene), rules, folder / "tracks.npz")
            if watch.progress is not None:
                watch.progress(number * len(contestants) + place + 1, rules.rounds * len(contestants))
    return records


def _turn(contestant: Contestant, record: _Record, scene: Path, frames: int, rules: Rules, output: Path) -> None:
    """Let one run the scene; its first turn is the one that is scored."""
    first = not record.times
    try:
        turn = contestant.run(scene, frames, rules.turn_s, output if first else None, arrays=rules.arrays)
    except Failure as failure:
        record.failure = failure
        return
    record.times.append(turn.times)
    if turn.tracks is not None:
        record.tracks = turn.tracks


def _standings(
    peers: Sequence[Peer], objects: int, scene: list[SceneFrame], records: dict[str, _Record], versions: dict[str, str]
) -> list[Standing]:
    ours = next((records[peer.name] for peer in peers if peer.environment is OURS), None)
    return [_standing(peer, objects, scene, records[peer.name], ours, versions[peer.name]) for peer in peers]


def _standing(
    peer: Peer, objects: int, scene: list[SceneFrame], record: _Record, ours: _Record | None, version: str
) -> Standing:
    if record.failure is not None:
        return broken(peer.name, peer.language, objects, version, record.failure)
    cost = Cost.of(record.times)
    base = Cost.of(ours.times, record.reached) if ours is not None and ours.times else None
    return Standing(
        peer.name,
        peer.language,
        objects,
        version,
        cost=cost,
        ratio=cost.quiet_ms / base.quiet_ms if base else None,
        frames=(record.reached, len(scene)),
        scores=score_scene(f"{objects} objects", scene, record.tracks),
    )
