"""The track benchmark's report: tables as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numa_benchmarks.grid import Grid, GridRow
from numa_benchmarks.metrics.mot import MotScores
from numa_benchmarks.timing.machine import busy_words
from numa_benchmarks.trackers.replay import Replay
from numa_benchmarks.trackers.track_rows import GrowthRow, SceneRow, SoakRow, replay_rows

_QUALITY = ("HOTA", "MOTA", "IDF1", "IDSW", "ids", "true")


@dataclass(frozen=True, slots=True)
class TrackReport:
    """A finished track benchmark; environment: `numa_benchmarks.timing.machine`."""

    scenes: tuple[SceneRow, ...]
    growth: tuple[GrowthRow, ...]
    memory: tuple[SoakRow, ...]
    sequences: tuple[Replay, ...]
    rounds: int
    environment: dict[str, Any]

    @property
    def complete(self) -> bool:
        """Whether every row was measured."""
        return all(row.failure is None for row in self.memory)

    @property
    def measured(self) -> bool:
        """Whether any row was measured."""
        return bool(self.scenes or self.sequences) or any(row.failure is None for row in self.memory)

    def lines(self, width: int | None = None) -> list[str]:
        """Return the tables as people read them, in lines of at most `width`."""
        lines: list[str] = []
        for grid in self._grids():
            lines += [*grid.lines(width), ""]
        return [*lines, *self._growth()]

    def markdown(self) -> str:
        """Return the tables for a README."""
        lines: list[str] = []
        for grid in self._grids():
            lines += [*grid.markdown(), ""]
        reasons = [f"- {row.tracker}: {row.failure}" for row in self.memory if row.failure]
        return "\n".join([*lines, *reasons, *self._growth(), "", self.footnote(), ""])

    def footnote(self) -> str:
        """Return how and on what it was measured."""
        place = self.environment
        return (
            f"Quiet: median over frames of each frame's best time in any of {self.rounds} interleaved rounds; p50, p99 "
            f"of all. Open worlds have 21 objects per Full HD frame, a crowd shares one. {place['cpu']}, "
            f"numba {place['packages'].get('numba', '-')}, {place['date'][:10]}.{busy_words(place)}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: rows (scenes), growth, memory, sequences, environment."""
        return {
            "rows": [row.to_dict() for row in self.scenes],
            "growth": [row.to_dict() for row in self.growth],
            "memory": [row.to_dict() for row in self.memory],
            "sequences": [row for replay in self.sequences for row in replay_rows(replay)],
            "rounds": self.rounds,
            "environment": self.environment,
        }

    def _grids(self) -> list[Grid]:
        grids = [_scene_grid(self.scenes)] if self.scenes else []
        grids += [_memory_grid(self.memory)] if self.memory else []
        return [*grids, _sequence_grid(self.sequences)] if self.sequences else grids

    def _growth(self) -> list[str]:
        return [
            f"{row.tracker}: {row.end // row.start} times the objects ({row.start:,} to {row.end:,}) take "
            f"{row.factor:.1f} times as long"
            for row in self.growth
        ]


def _scene_grid(rows: Sequence[SceneRow]) -> Grid:
    headings = ("tracker", "world", "objects", "quiet us", "p50 us", "p99 us", "ns/object", *_QUALITY)
    return Grid(headings, tuple(GridRow(_scene_cells(row)) for row in rows), labels=2)


def _scene_cells(row: SceneRow) -> tuple[str, ...]:
    micro = (1e3 * value for value in (row.cost.quiet_ms, row.cost.all_ms.p50, row.cost.all_ms.p99))
    times = (*(f"{value:,.1f}" for value in micro), f"{row.per_object_ns:,.0f}")
    return (row.tracker, row.scene.world.value, f"{row.scene.objects:,}", *times, *_quality(row.scores))


def _memory_grid(rows: Sequence[SoakRow]) -> Grid:
    headings = ("tracker", "objects", "frames", "ids", "RSS MB", "growth MB")
    return Grid(headings, tuple(_memory_row(row) for row in rows))


def _memory_row(row: SoakRow) -> GridRow:
    if row.soak is None:
        return GridRow((row.tracker, "", "", "", "", ""), reason=str(row.failure))
    soak = row.soak
    counts = (f"{soak.objects:,}", f"{soak.frames:,}", f"{soak.born:,}")
    return GridRow((row.tracker, *counts, f"{soak.settled_mb:.1f}", f"{soak.growth_mb:+.1f}"))


def _sequence_grid(replays: Sequence[Replay]) -> Grid:
    rows = []
    for replay in replays:
        rows += [GridRow((replay.tracker, one.name, *_quality(one), "")) for one in replay.scores.sequences]
        combined = replay.scores.combined
        micro = f"{1e3 * replay.track_ms.p50:,.1f}"
        rows.append(GridRow((replay.tracker, combined.name, *_quality(combined), micro)))
    return Grid(("tracker", "sequence", *_QUALITY, "p50 us"), tuple(rows), labels=2)


def _quality(scores: MotScores | None) -> tuple[str, ...]:
    if scores is None:
        return ("-",) * len(_QUALITY)
    ratios = (f"{value:.1f}" for value in (scores.hota, scores.mota, scores.idf1))
    return (*ratios, f"{scores.id_switches:,}", f"{scores.result_ids:,}", f"{scores.truth_ids:,}")
