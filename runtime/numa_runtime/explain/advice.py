"""Advice that is true: a change is proposed from the figures, tried on the recording, and told only if it works."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any, Protocol

from numa_runtime.errors import TrackerError
from numa_runtime.explain.events import Advice, Change
from numa_runtime.explain.moment import Moment
from numa_runtime.explain.reasons import Pairing, Rules
from numa_runtime.explain.replay import Rerun
from numa_runtime.explain.scene import NOBODY, Sighting

Changes = tuple[Change, ...]

WIDEST = 0.97
"""A wider limit matches what hardly touches: no advice."""
LOWEST = 0.01
"""A lower threshold lets everything through: no advice."""


class Goal(Protocol):
    """What a change should bring about."""

    @property
    def watched(self) -> frozenset[int]:
        """The positions that have to be looked at."""
        ...

    def reached(self, rerun: Rerun) -> bool: ...


@dataclass(frozen=True, slots=True)
class Joined:
    """Two detections belong to one id."""

    first: Sighting
    second: Sighting

    @property
    def watched(self) -> frozenset[int]:
        """The positions of both."""
        return frozenset({self.first.position, self.second.position})

    def reached(self, rerun: Rerun) -> bool:
        """Whether one and the same id takes both."""
        holder = rerun.holder(self.first)
        return holder != NOBODY and holder == rerun.holder(self.second)


@dataclass(frozen=True, slots=True)
class StillThere:
    """The id that takes a detection is alive at a later position."""

    first: Sighting
    until: int

    @property
    def watched(self) -> frozenset[int]:
        """Both positions."""
        return frozenset({self.first.position, self.until})

    def reached(self, rerun: Rerun) -> bool:
        """Whether it is."""
        holder = rerun.holder(self.first)
        return holder != NOBODY and rerun.alive(holder, self.until)


@dataclass(frozen=True, slots=True)
class Adviser:
    """Proposes changes to `params` and tries them on a recording."""

    moments: Sequence[Moment]
    params: Any
    rules: Rules
    ids_shown: int
    most: int = 2

    def prove(self, proposals: Iterable[Changes], goal: Goal, outcome: str) -> tuple[Advice, ...]:
        """Return the first `most` proposals that reach the goal, at most one per set of parameters."""
        advice: list[Advice] = []
        worked: set[tuple[str, ...]] = set()
        for changes in proposals:
            names = tuple(sorted(change.name for change in changes))
            if len(advice) == self.most or any(set(done) <= set(names) for done in worked):
                continue
            rerun = self._try(changes, goal)
            if rerun is not None:
                worked.add(names)
                advice.append(Advice(changes, outcome, self.ids_shown, rerun.ids_shown()))
        return tuple(advice)

    def _try(self, changes: Changes, goal: Goal) -> Rerun | None:
        """Return the rerun in which the goal is reached, None if it is not or the tracker refuses the values."""
        try:
            params = replace(self.params, **{change.name: change.new for change in changes})
        except TrackerError:
            return None
        rerun = Rerun(self.moments, params, goal.watched)
        return rerun if goal.reached(rerun) else None

    def change(self, name: str, value: Any) -> Change:
        """Return the change of one parameter."""
        return Change(name, getattr(self.params, name), value)

    def for_pairing(self, p: Pairing) -> list[Changes]:
        """Propose what would let a track and a detection come together that nobody else took."""
        if p.band is None:
            return [*self._lower_floor(p), *self._with_limit(p)]
        if p.stage is None:
            name = self.rules.bands[0].low_name
            return [(self.change(name, value),) for value in below(p.score, getattr(self.params, name))]
        return self._with_limit(p)

    def _lower_floor(self, p: Pairing) -> list[Changes]:
        name = self.rules.bands[-1].low_name
        proposals: list[Changes] = [(self.change(name, value),) for value in below(p.score, getattr(self.params, name))]
        if getattr(self.params, "use_byte", True):
            return proposals
        return [(self.change("use_byte", True),), *proposals]  # OC-SORT's way to low detections

    def _with_limit(self, p: Pairing) -> list[Changes]:
        if p.stage is None:
            return []
        proposals: list[Changes] = [
            (self.change(p.stage.limit_name, value),) for value in above(1.0 - p.strength, p.stage.limit)
        ]
        if p.stage.fused and 1.0 - p.overlap < p.stage.limit:
            proposals.append((self.change("fuse_score", False),))
        return proposals

    def for_birth(self, score: float) -> list[Changes]:
        """Propose what would let a detection of this score begin a track."""
        value = floor(100 * score + 1e-9) / 100
        names = [n for n in ("track_high_thresh", "new_track_thresh") if value < getattr(self.params, n)]
        return [tuple(self.change(name, value) for name in names)] if names and value >= LOWEST else []

    def for_buffer(self, needed: float) -> list[Changes]:
        """Propose a buffer of at least `needed` nominal frames."""
        buffer, rate = self.params.buffer, self.params.frame_rate
        return [(self.change(buffer.name, buffer.lasting(share * needed, rate)),) for share in (1.0, 1.25)]


def above(cost: float, limit: float) -> list[float]:
    """Return limits, with two digits, from just above `cost`: the smallest that could match it, then wider ones."""
    smallest = floor(100 * cost + 1e-9) / 100 + 0.01
    values = [round(smallest + more, 2) for more in (0.0, 0.03, 0.08)]
    return [value for value in values if limit < value <= WIDEST]


def below(score: float, threshold: float) -> list[float]:
    """Return thresholds, with two digits, from just below `score`."""
    largest = ceil(100 * score - 1e-9) / 100 - 0.01
    values = [round(largest - less, 2) for less in (0.0, 0.03, 0.06)]
    return [value for value in dict.fromkeys(values) if LOWEST <= value < threshold]
