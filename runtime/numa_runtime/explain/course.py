"""The course of one id through a recording: when it began, was lost, came back and ended, without the why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from numa_runtime.errors import TrackerError
from numa_runtime.explain.reasons import Rules
from numa_runtime.explain.scene import Scene
from numa_runtime.tracking.params.associations import Standing


class UnknownIdError(TrackerError):
    """No frame of a recording has the id that was asked for."""


class Kind(StrEnum):
    """What can happen to an id."""

    BORN = "born"
    CONFIRMED = "confirmed"
    RESCUED = "rescued"
    CROSSED = "crossed"
    LOST = "lost"
    FOUND = "found again"
    ENDED = "ended"
    SWITCHED = "switched"


class State(StrEnum):
    """What an id is after a frame."""

    UNCONFIRMED = "unconfirmed"
    SEEN = "seen"
    WEAK = "seen by a weak detection"
    UNSEEN = "tracked, but not seen"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened in frame `position`; `since` is where the id was seen last before it."""

    kind: Kind
    position: int
    since: int


@dataclass(frozen=True, slots=True)
class Course:
    """All steps of one id, and its state in every frame from `first` on.

    Attributes:
        track_id: the id.
        first: the position of its first frame.
        states: states[k] is the one after frame first + k.
        steps: what happened to it, in order.
        seen: the positions in which it took a detection.
    """

    track_id: int
    first: int
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    seen: tuple[int, ...]

    @property
    def last(self) -> int:
        """The last frame in which it was alive, as a position."""
        return self.first + max(len(self.states) - 1, 0)

    @property
    def end(self) -> Step | None:
        """How it ended, None when the recording ended first."""
        return next((step for step in reversed(self.steps) if step.kind is Kind.ENDED), None)

    @property
    def ever_shown(self) -> bool:
        """Whether the user ever saw this id."""
        return any(state is not State.UNCONFIRMED for state in self.states)


def course_of(scenes: Sequence[Scene], track_id: int, rules: Rules) -> Course:
    """Return the course of `track_id` under these rules.

    Raises:
        UnknownIdError: no frame has it; the sentence names the ids there are.
    """
    first = next((scene.position for scene in scenes if _there(scene, track_id)), None)
    if first is None:
        raise unknown_id(scenes, track_id)
    states: list[State] = []
    steps: list[Step] = []
    seen: list[int] = []
    for scene in scenes[first:]:
        since = seen[-1] if seen else first
        taken, after = scene.taken_by(track_id), scene.after.standing_of(track_id)
        weak = taken >= 0 and rules.band_of(float(scene.scores[taken])) is not rules.bands[0]
        steps += [Step(kind, scene.position, since) for kind in _turns(scene, track_id)]
        if weak and scene.position > first and states[-1] is not State.WEAK:
            steps.append(Step(Kind.RESCUED, scene.position, since))
        if taken >= 0:
            seen.append(scene.position)
        if after is None:
            break
        states.append(_state(taken, weak, after))
    return Course(track_id, first, tuple(states), tuple(steps), tuple(seen))


def _there(scene: Scene, track_id: int) -> bool:
    return scene.after.place(track_id) >= 0 or scene.ended.place(track_id) >= 0


def _turns(scene: Scene, track_id: int) -> Iterator[Kind]:
    """Yield what happened to `track_id` in this frame."""
    before, after = scene.before.standing_of(track_id), scene.after.standing_of(track_id)
    if before is None:
        yield Kind.BORN
    if before is Standing.UNCONFIRMED and after is Standing.TRACKED:
        yield Kind.CONFIRMED
    if before is Standing.TRACKED and after is Standing.LOST:
        yield Kind.LOST
    if before is Standing.LOST and after is Standing.TRACKED:
        yield Kind.FOUND
    if after is None:
        yield Kind.ENDED


def _state(taken: int, weak: bool, after: Standing) -> State:
    if after is Standing.UNCONFIRMED:
        return State.UNCONFIRMED
    if taken < 0:
        return State.UNSEEN if after is Standing.TRACKED else State.LOST
    return State.WEAK if weak else State.SEEN


def unknown_id(scenes: Sequence[Scene], track_id: int) -> UnknownIdError:
    """Return the error for an id that never was."""
    ids = sorted({int(i) for scene in scenes for i in scene.rows[:, -4]})
    if not ids:
        return UnknownIdError(
            f"there is no id {track_id}: nothing was tracked", hint="a lower conf lets weaker detections start tracks"
        )
    return UnknownIdError(f"there is no id {track_id}", hint=f"the ids are {ranges(ids)}")


def ranges(ids: Sequence[int]) -> str:
    """Return "1-4, 7, 9-12" for ascending numbers."""
    parts: list[list[int]] = []
    for number in ids:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
