"""Tracking with a memory: a follower that records, so that any id can be explained when the run is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from numa_runtime.errors import TrackerError
from numa_runtime.explain.course import UnknownIdError
from numa_runtime.explain.explanation import Explanation
from numa_runtime.explain.overview import Overview
from numa_runtime.explain.pictures.frames import Footage
from numa_runtime.explain.recorder import Recorder
from numa_runtime.pipeline.following import Follower
from numa_runtime.results import Results
from numa_runtime.sinks.names import UniqueNames, safe_name
from numa_runtime.tracking import Tracker
from numa_runtime.tracking.gallery import Return
from numa_runtime.tracking.params import TrackerParams

FAINTEST = 0.5
"""How far below the tracker's lowest score detections are still asked for, as a factor: "seen, but too weakly"."""


@dataclass(slots=True)
class Timeline:
    """One medium's recording: where it came from, its class names, what reads its frames again, and who came back."""

    recorder: Recorder
    footage: Footage
    name: str = ""
    names: dict[int, str] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)

    def tracks_of(self, track_id: int) -> list[int]:
        """Return the tracker's own ids behind an id: the same, and one more for each time that it came back."""
        return [track_id, *(back.tracker_id for back in self.returns if back.id == track_id)]


class ExplainingFollower(Follower):
    """Follows like the follower it is made from, and remembers every medium of the run.

    The network is asked for weaker detections than the tracker uses (not where balls would see them too): they
    change no track, but tell an object that was seen too weakly from one that was not seen at all.
    """

    def __init__(self, follower: Follower) -> None:
        super().__init__(follower.tracker, follower.balls, follower.reentry, follower.suits, follower.from_model)
        self.timelines: list[Timeline] = []
        self._record(follower.tracker)

    def _record(self, tracker: Tracker) -> None:
        """Begin a recording of a fresh tracker."""
        recorder = Recorder(tracker, frame_bytes=0, from_model=tuple(self.from_model))  # the footage reads frames
        self.timelines = [line for line in self.timelines if line.recorder.moments]
        self.timelines.append(Timeline(recorder, Footage()))
        self.updates = recorder  # the same calls, the same rows

    @property
    def lowest_score(self) -> float:
        """The score from which detections are asked for."""
        lowest = super().lowest_score
        return lowest if self.balls is not None else FAINTEST * lowest

    def _change(self, params: TrackerParams) -> None:
        if self.timelines[-1].recorder.moments:
            raise TrackerError(
                "a remembered run keeps its parameters: ids are explained by one set of them",
                hint="explain=False lets them change, persist=False begins anew",
            )
        super()._change(params)

    def start(self, *, keep: bool = False) -> None:
        """Begin a new timeline with a recording of its own, unless `keep` continues the one there is."""
        super().start(keep=keep)
        if not keep:
            self._record(self.tracker)

    def __call__(self, result: Results) -> Results:
        """Return `result` with its tracks in place of its detections, and remember it."""
        tracked = super().__call__(result)
        line = self.timelines[-1]
        before = line.recorder.moments[-2].number if len(line.recorder.moments) > 1 else 0
        number = max(result.frame_index, before) + 1  # frames given one by one all have index 0
        line.recorder.call_last(number, result.timestamp)
        line.footage.add(number, result)
        line.name, line.names = result.path, result.names
        line.returns += self.reentry.returned
        return tracked

    def lives_of(self, track_id: int) -> list[Explanation]:
        """Tell the life of an id in every medium that has it (ids begin anew with each).

        One that left and came back has several, each under the id that the tracker itself gave it.

        Raises:
            UnknownIdError: no medium has it; the sentence names the ids there are.
        """
        told: list[Explanation] = []
        unknown: UnknownIdError | None = None
        for line in self.timelines:
            line.recorder.footage = line.footage
            try:
                told += [line.recorder.explain(track, line.names) for track in line.tracks_of(track_id)]
            except UnknownIdError as error:
                unknown = error
        if not told and unknown is not None:
            raise unknown
        return told

    def overviews(self, folder: Path) -> list[tuple[Overview, Path]]:
        """Count all ids of every medium; write each overview to `folder`/explain-all (-<medium> of several).

        Raises:
            SinkError: the folder cannot be written.
        """
        taken, written = UniqueNames(), []
        for line in self.timelines:
            counted = line.recorder.overview()
            name = taken.take(f"explain-all{self._suffix(line)}", "")
            written.append((counted, counted.save(folder / name)))
        return written

    def write(self, track_ids: Sequence[int], folder: Path) -> list[tuple[Explanation, Path]]:
        """Write `folder`/explain-7 for id 7 (explain-7-<medium> where there are several); return what was told where.

        Raises:
            UnknownIdError: an id that no medium has.
            SinkError: the folder cannot be written.
        """
        explained = [explanation for track_id in track_ids for explanation in self.lives_of(track_id)]
        taken, written = UniqueNames(), []
        for explanation in explained:
            line = next(line for line in self.timelines if line.footage is explanation.footage)
            where = folder / taken.take(f"explain-{explanation.track_id}{self._suffix(line)}", "")
            explanation.save(where)
            written.append((explanation, where))
        return written

    def _suffix(self, line: Timeline) -> str:
        """Return what tells a medium's folder from another's: nothing where there is only one."""
        return "-" + safe_name(Path(line.name).stem, "frames") if len(self.timelines) > 1 else ""


def remember(follower: Follower) -> ExplainingFollower:
    """Return a follower that remembers; itself if it does.

    Raises:
        TrackerError: it has followed frames already (persist=True after a run without explain).
    """
    return follower if isinstance(follower, ExplainingFollower) else ExplainingFollower(follower)
