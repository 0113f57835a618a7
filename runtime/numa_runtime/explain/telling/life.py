"""What every teller needs: the id's course, and short ways to what the analysis knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numa_runtime.explain.advice import Joined
from numa_runtime.explain.analysis import Analysis
from numa_runtime.explain.course import Course, State, Step
from numa_runtime.explain.events import Advice, Event
from numa_runtime.explain.reasons import TOUCHING, Cause, Pairing, Reason
from numa_runtime.explain.scene import NOBODY, Sighting

WORTH_TRYING = 0.05
"""An overlap below this is hardly the same object: no advice is looked for."""
LONG_GAP = 10
"""An id that is back in fewer frames needs no advice."""


@dataclass(frozen=True, slots=True)
class Life:
    """One id in one recording."""

    analysis: Analysis
    course: Course

    @property
    def id(self) -> int:
        """The id."""
        return self.course.track_id

    def event(
        self,
        step: Step,
        text: str,
        caption: str,
        figures: dict[str, Any],
        shows: tuple[int, ...] = (),
        others: tuple[int, ...] = (),
        advice: tuple[Advice, ...] = (),
    ) -> Event:
        """Return the event of a step; `shows` are positions, those outside the recording are moved into it."""
        scenes = self.analysis.scenes
        frames = tuple(sorted({min(max(position, 0), len(scenes) - 1) for position in shows}))
        scene = scenes[step.position]
        return Event(step.kind, step.position, scene.number, scene.time, text, caption, figures, frames, others, advice)

    def state(self, position: int) -> State:
        """Return what the id was after a frame of its life."""
        return self.course.states[position - self.course.first]

    def next_seen(self, position: int) -> int:
        """Return where the id is seen next; beyond the recording when it never is."""
        never = len(self.analysis.scenes) + LONG_GAP
        return next((p for p in self.course.seen if p > position), never)

    def match(self, position: int) -> Pairing | None:
        """Return the id's pairing with the detection it took."""
        return self.analysis.match(position, self.id)

    def free(self, position: int) -> Pairing | None:
        """Return the best free detection that is worth an advice, or None."""
        found = self.analysis.pairings(position, self.id)
        return next((p for p in found if p.holder == NOBODY and p.overlap >= WORTH_TRYING), None)

    def advice_to_keep(self, step: Step, free: Pairing) -> tuple[Advice, ...]:
        """Return what would have given the id this free detection."""
        adviser = self.analysis.adviser
        goal = Joined(self.analysis.sighting(step.since, self.id), Sighting(step.position, free.detection))
        return adviser.prove(adviser.for_pairing(free), goal, "would have matched them here")

    def nearest_miss(self, since: int, until: int) -> int | None:
        """Return the frame of a gap, its first one aside, in which a free detection came nearest; None without any."""
        best, where = TOUCHING, None
        for position in range(since + 2, until):
            found = self.analysis.pairings(position, self.id)
            free = next((p for p in found if p.holder == NOBODY), None)
            if free is not None and free.promise > best:
                best, where = free.promise, position
        return where

    def in_between(self, since: int, until: int, nearest: int | None) -> str:
        """Return a sentence on a gap, with a space before it; nothing on a gap of one frame."""
        if until - since <= 2:
            return ""
        if nearest is None:
            return " While it was lost no free detection overlapped its predicted box."
        text = self.analysis.reason(nearest, self.id)[1].text
        number = self.analysis.scenes[nearest].number
        return f" While it was lost, frame {number} came nearest: {text[0].lower()}{text[1:]}"


def rounded(value: float) -> float:
    """Return a figure as it is written to JSON."""
    return round(value, 4)


def numbers(p: Pairing | None) -> dict[str, Any]:
    """Return the figures of a pairing."""
    if p is None:
        return {}
    found: dict[str, Any] = {"iou": rounded(p.overlap), "score": rounded(p.score), "distance_px": rounded(p.away)}
    if p.stage is not None:
        found |= {"stage": p.stage.name, "cost": rounded(1.0 - p.strength), p.stage.limit_name: p.stage.limit}
    return found


def reason_numbers(reason: Reason) -> dict[str, Any]:
    """Return the figures of a reason."""
    found = {"reason": reason.cause.value, **numbers(reason.pairing)}
    if reason.pairing is not None and reason.cause in (Cause.TAKEN, Cause.HIDDEN):
        found["other"] = number_of(reason.pairing.holder)
    return found


def number_of(track_id: int) -> int | None:
    """Return an id as it is written to JSON: None for a track that was never shown."""
    return track_id if track_id > 0 else None


def named(reason: Reason) -> tuple[int, ...]:
    """Return the ids a reason speaks of."""
    p = reason.pairing
    return () if p is None else tuple(i for i in (p.holder, p.starts) if i != NOBODY)
