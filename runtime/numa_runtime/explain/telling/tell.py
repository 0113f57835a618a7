"""All events of one id, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from numa_runtime.explain.course import Kind, Step
from numa_runtime.explain.crossings import crossings
from numa_runtime.explain.events import Event
from numa_runtime.explain.telling import turns
from numa_runtime.explain.telling.ends import ended
from numa_runtime.explain.telling.guesses import crossed, switched
from numa_runtime.explain.telling.life import Life

MOST_RESCUES = 5
"""Of more runs of low detections only the longest are told."""

TELLERS: dict[Kind, Callable[[Life, Step], Event]] = {
    Kind.BORN: turns.born,
    Kind.CONFIRMED: turns.confirmed,
    Kind.RESCUED: turns.rescued,
    Kind.LOST: turns.lost,
    Kind.FOUND: turns.found,
    Kind.ENDED: ended,
}


def tell(life: Life) -> tuple[Event, ...]:
    """Return the events of an id: its steps, its crossings, and the id it probably goes on as."""
    analysis, course = life.analysis, life.course
    events = _without_short_rescues([TELLERS[step.kind](life, step) for step in course.steps])
    events += [crossed(life, crossing) for crossing in crossings(analysis.scenes, course, analysis.rules)]
    heir = analysis.heir_of(life.id)
    if heir is not None and course.seen[-1] < heir.birth.position:
        events = [_without_advice(event) if event.position == heir.birth.position else event for event in events]
        events.append(switched(life, heir))
    return tuple(sorted(events, key=lambda event: event.position))


def _without_short_rescues(events: list[Event]) -> list[Event]:
    rescues = [event for event in events if event.kind is Kind.RESCUED]
    longest = sorted(rescues, key=lambda event: -event.figures["frames"])[:MOST_RESCUES]
    return [event for event in events if event.kind is not Kind.RESCUED or event in longest]


def _without_advice(event: Event) -> Event:
    """Return the event without advice: that the object goes on as another id, in the same frame, gives the same."""
    return replace(event, advice=())
