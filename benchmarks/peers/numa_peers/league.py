"""The table of a contest: as text, Markdown and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numa_benchmarks.grid import Grid, GridRow
from numa_benchmarks.timing.machine import busy_words
from numa_peers.contest import Rules
from numa_peers.quality import Judgement, Quality
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
    """A contest's standings and what they were measured on (`numa_benchmarks.timing.machine`), and what was judged."""

    standings: tuple[Standing, ...]
    rules: Rules
    environment: dict[str, Any]
    judgement: Judgement | None = None

    def lines(self) -> list[str]:
        """Return the table as people read it."""
        return [*self._grid().lines(), *self._remarks(), *self._footnotes()]

    def markdown(self) -> str:
        """Return the table for a README."""
        grid = self._grid()
        absent = [f"{row.cells[0]}: {row.reason}" for row in grid.rows if row.reason]
        remarks = [f"- {remark}" for remark in [*absent, *self._remarks()]]
        below = "\n\n".join(self._footnotes())
        return "\n".join([*grid.markdown(), "", *remarks, *([""] if remarks else []), below, ""])

    def _footnotes(self) -> list[str]:
        """Return how and on what it was measured."""
        place = self.environment
        notes = [self.judgement.footnote()] if self.judgement else []
        if self.rules.objects:
            how = _HOW.format(rounds=self.rules.rounds)
            notes = [f"{how} {_INPUT[self.rules.arrays]}{busy_words(place)}", *notes]
        return [*notes, f"{place['cpu']}, {place['date'][:10]}."]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: rows, how they were measured, environment."""
        rows = [standing.to_dict() for standing in self.standings]
        return {
            "rows": rows,
            "rounds": self.rules.rounds,
            "from_arrays": self.rules.arrays,
            "environment": self.environment,
            **({"quality": self.judgement.to_dict()} if self.judgement else {}),
        }

    def _grid(self) -> Grid:
        headings = ["tracker", "version", "in"]
        for objects in self.rules.objects:
            headings += [f"us at {objects:,}", "x", "IDSW / ids"]
        headings += ["HOTA", "MOTA", "IDF1"] if self.judgement else []
        return Grid(tuple(headings), tuple(self._row(name) for name in self._names()), labels=3)

    def _names(self) -> list[str]:
        judged = self.judgement.rows if self.judgement else ()
        return list(dict.fromkeys([*(one.peer for one in self.standings), *(one.peer for one in judged)]))

    def _judged(self, name: str) -> list[Quality]:
        return [row for row in self.judgement.rows if row.peer == name] if self.judgement else []

    def _of(self, name: str) -> list[Standing]:
        return [standing for standing in self.standings if standing.peer == name]

    def _row(self, name: str) -> GridRow:
        timed, judged = self._of(name), self._judged(name)
        every: list[Standing | Quality] = [*timed, *judged]
        cells = [name, next((one.version for one in every if one.version), "-"), every[0].language]
        for standing in timed:
            cells += _cells(standing)
        for quality in judged:
            cells += _scores(quality)
        return GridRow(tuple(cells), reason=every[0].words if self._without_figures(name) else "")

    def _without_figures(self, name: str) -> bool:
        return not any([*(one.cost for one in self._of(name)), *(one.scores for one in self._judged(name))])

    def _remarks(self) -> list[str]:
        found = []
        for name in self._names():
            if self._without_figures(name):
                continue
            for one in self._of(name):
                if one.cut:
                    seconds = f"{self.rules.turn_s:g} s"
                    found.append(
                        f"{name} at {one.objects:,} objects: {one.frames[0]} of {one.frames[1]} frames in {seconds}"
                    )
                elif one.cost is None:
                    found.append(f"{name} at {one.objects:,} objects: {one.words}")
            found += [f"{name} on the sequences: {one.words}" for one in self._judged(name) if one.words]
        return found


def _cells(standing: Standing) -> list[str]:
    if standing.cost is None:
        return ["-", "-", "-"]
    scores = standing.scores
    quality = f"{scores.id_switches} / {scores.result_ids:,}" if scores else "-"
    ratio = "-" if standing.ratio is None else _figure(standing.ratio)
    return [_figure(1e3 * standing.cost.quiet_ms), ratio, quality]


def _scores(quality: Quality) -> list[str]:
    scores = quality.scores
    return [f"{value:.2f}" for value in (scores.hota, scores.mota, scores.idf1)] if scores else ["-", "-", "-"]


def _figure(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
