"""`Explanation`: the life of one id, told, printed, written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_runtime.explain.analysis import Analysis
from numa_runtime.explain.course import Course, State, course_of
from numa_runtime.explain.events import Event
from numa_runtime.explain.life_report import Report
from numa_runtime.explain.pictures.frames import Frames
from numa_runtime.explain.telling.life import Life
from numa_runtime.explain.telling.tell import tell
from numa_runtime.words import count


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened to one id, in order; `str()` is the whole text."""

    track_id: int
    name: str
    course: Course
    events: tuple[Event, ...]
    analysis: Analysis
    footage: Frames

    @property
    def headline(self) -> str:
        """One line: id, class, from when to when, seen how often."""
        course, scenes = self.course, self.analysis.scenes
        first, last = scenes[course.first], scenes[course.last]
        seen = count(len(course.seen), "time")
        span = f"frames {first.number}-{last.number} ({first.time:.2f}-{last.time:.2f} s), seen {seen}"
        return f"id {self.track_id} · {self.name} · {span} · {self.fate}"

    @property
    def fate(self) -> str:
        """How it stands at the end: "tracked to the last frame", "lost at the end", "given up", "never shown"."""
        if not self.course.ever_shown:
            return "never shown"
        if self.course.end is not None:
            return "ended"
        lost = self.course.states[-1] is State.LOST
        return "lost when the recording ended" if lost else "tracked to the last frame"

    def __str__(self) -> str:
        return "\n".join([self.headline, *(line for event in self.events for line in event_lines(event))])

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "id": self.track_id,
            "name": self.name,
            "first_frame": self.analysis.scenes[self.course.first].number,
            "last_frame": self.analysis.scenes[self.course.last].number,
            "times_seen": len(self.course.seen),
            "fate": self.fate,
            "events": [event.to_dict() for event in self.events],
        }

    def save(self, folder: str | Path) -> tuple[Path, ...]:
        """Write explain.md, explain.json and the pictures into `folder`, all on one page beside it; return the files.

        Raises:
            SinkError: the folder cannot be written.
        """
        from numa_runtime.explain.pictures.chart import Chart  # late: they load OpenCV, the words do without it
        from numa_runtime.explain.pictures.strip import Strip

        chart = Chart(self.analysis, self.course, self.events, self.name).draw()
        strip = Strip(self.analysis, self.course, self.footage)
        return Report(self.headline, self.events, self.to_dict(), chart, strip.draw).save(Path(folder))


def event_lines(event: Event) -> list[str]:
    """Return an event as lines: when and what, then the advice."""
    head = f"{event.number:>6}  {event.time:>7.2f} s  {event.kind.value:<12}"
    return [f"{head} {event.text}", *(f"{'':>{len(head)}} -> {advice}" for advice in event.advice)]


def explanation_of(analysis: Analysis, track_id: int, names: Mapping[int, str], footage: Frames) -> Explanation:
    """Tell the life of one id of a recording.

    Args:
        analysis: the recording.
        track_id: the id.
        names: the classes' names.
        footage: where the pictures get the recording's frames from.

    Raises:
        UnknownIdError: there was no such id.
        TrackerError: the recording cannot be replayed.
    """
    course = course_of(analysis.scenes, track_id, analysis.rules)
    events = tell(Life(analysis, course))
    return Explanation(track_id, _name(analysis, course, names), course, events, analysis, footage)


def _name(analysis: Analysis, course: Course, names: Mapping[int, str]) -> str:
    """Return the class an id was born with."""
    scene = analysis.scenes[course.first]
    cls = int(scene.classes[scene.taken_by(course.track_id)])
    return names.get(cls, f"class {cls}")
