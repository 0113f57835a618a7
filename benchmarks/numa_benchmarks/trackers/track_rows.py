"""The rows of the track benchmark: one tracker on one scene, its memory, its way with real sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numa_benchmarks.metrics.mot import MotScores
from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.quiet import Cost
from numa_benchmarks.trackers.replay import Replay
from numa_benchmarks.trackers.scenes import SceneSpec
from numa_benchmarks.trackers.soak import Soak

QUALITY = ("hota", "mota", "idf1", "id_switches", "truth_ids", "result_ids")


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One tracker on one made-up scene; scores None: more objects than the metrics are for."""

    tracker: str
    scene: SceneSpec
    cost: Cost
    scores: MotScores | None = None

    @property
    def per_object_ns(self) -> float:
        """Nanoseconds of the quiet time per object."""
        return 1e6 * self.cost.quiet_ms / self.scene.objects

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        scores = self.scores.to_dict() if self.scores else {}
        return {
            "tracker": self.tracker,
            "world": self.scene.world.value,
            "objects": self.scene.objects,
            **self.cost.to_dict(),
            "per_object_ns": self.per_object_ns,
            **{key: scores.get(key) for key in QUALITY},
        }


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """How much longer an update takes with more objects in a world that grows with them; linear is to/from."""

    tracker: str
    start: int
    end: int
    factor: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return {"tracker": self.tracker, "objects_from": self.start, "objects_to": self.end, "factor": self.factor}


@dataclass(frozen=True, slots=True)
class SoakRow:
    """One tracker's memory, or why it is not known."""

    tracker: str
    soak: Soak | None = None
    failure: Failure | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        status = self.failure.status if self.failure else Status.OK
        reason = self.failure.reason if self.failure else ""
        figures = self.soak.to_dict() if self.soak else {}
        return {"tracker": self.tracker, "status": status.value, "reason": reason, **figures}


def replay_rows(replay: Replay) -> list[dict[str, Any]]:
    """Return one object per sequence, the combined one last, under the keys of `--json`."""
    times = replay.track_ms.to_dict("track_ms")
    sequences = [{"tracker": replay.tracker, **scores.to_dict()} for scores in replay.scores.sequences]
    return [*sequences, {"tracker": replay.tracker, **replay.scores.combined.to_dict(), **times}]


def growth(rows: list[SceneRow], start: int, end: int) -> list[GrowthRow]:
    """Return, for every tracker that ran open worlds of both sizes, how the time grew."""
    quiet = {(row.tracker, row.scene.objects): row.cost.quiet_ms for row in rows if row.scene.world == "open"}
    names = dict.fromkeys(row.tracker for row in rows)
    return [
        GrowthRow(name, start, end, quiet[name, end] / quiet[name, start])
        for name in names
        if (name, start) in quiet and (name, end) in quiet
    ]
