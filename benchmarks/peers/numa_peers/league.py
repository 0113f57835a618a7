"""The table of a contest: as text, Markdown and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numa_benchmarks.grid import Grid, GridRow
from numa_benchmarks.timing.machine import busy_words
from numa_peers.contest import Rules
from numa_peers.standing import Standing

_HOW = (
    "Quiet microseconds per update: median over frames of each frame's best time in any of {rounds} interleaved "
    "rounds; x: how many times ours, on the same frames. IDSW / ids: identity switches and identities reported, of "
    "as many as there are objects, in the frames that were done. One thread each."
)
_INPUT = {
    False: "Each peer's input was made before the clock started.",
    True: "The clock starts at an array of detections.",
}


@dataclass(frozen=True, slots=True)
class League:
    """A contest's standings and what they were measured on (`numa_benchmarks.timing.machine`)."""

    standings: tuple[Standing, ...]
    rules: Rules
    environment: dict[str, Any]

    def lines(self) -> list[str]:
        """Return the table as people read it."""
        return [*self._grid().lines(), *self._remarks(), self.footnote()]

    def markdown(self) -> str:
        """Return the table for a README."""
        remarks = [f"- {remark}" for remark in self._remarks()]
        return "\n".join([*self._grid().markdown(), "", *remarks, *([""] if remarks else []), self.footnote(), ""])

    def footnote(self) -> str:
        """Return how and on what it was measured."""
        place = self.environment
        how = _HOW.format(rounds=self.rules.rounds)
        return f"{how} {_INPUT[self.rules.arrays]} {place['cpu']}, {place['date'][:10]}.{busy_words(place)}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: rows, how they were measured, environment."""
        rows = [standing.to_dict() for standing in self.standings]
        return {
            "rows": rows,
            "rounds": self.rules.rounds,
            "from_arrays": self.rules.arrays,
            "environment": self.environment,
        }

    def _grid(self) -> Grid:
        headings = ["tracker", "version", "in"]
        for objects in self.rules.objects:
            headings += [f"us at {objects:,}", "x", "IDSW / ids"]
        return Grid(tuple(headings), tuple(self._row(name) for name in self._names()), labels=3)

    def _names(self) -> list[str]:
        return list(dict.fromkeys(standing.peer for standing in self.standings))

    def _of(self, name: str) -> list[Standing]:
        return [standing for standing in self.standings if standing.peer == name]

    def _row(self, name: str) -> GridRow:
        row = self._of(name)
        cells = [name, next((standing.version for standing in row if standing.version), "-"), row[0].language]
        for standing in row:
            cells += _cells(standing)
        return GridRow(tuple(cells), reason=row[0].words if all(one.cost is None for one in row) else "")

    def _remarks(self) -> list[str]:
        found = []
        for name in self._names():
            row = self._of(name)
            for one in row:
                if one.cut:
                    seconds = f"{self.rules.turn_s:g} s"
                    found.append(
                        f"{name} at {one.objects:,} objects: {one.frames[0]} of {one.frames[1]} frames in {seconds}"
                    )
                elif one.cost is None and any(other.cost is not None for other in row):
                    found.append(f"{name} at {one.objects:,} objects: {one.words}")
        return found


def _cells(standing: Standing) -> list[str]:
    if standing.cost is None:
        return ["-", "-", "-"]
    scores = standing.scores
    quality = f"{scores.id_switches} / {scores.result_ids:,}" if scores else "-"
    ratio = "-" if standing.ratio is None else _figure(standing.ratio)
    return [_figure(1e3 * standing.cost.quiet_ms), ratio, quality]


def _figure(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
