"""How an id ended: given up, removed as a double, or dropped before anybody saw it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np

from numa_runtime.explain.advice import Changes, StillThere
from numa_runtime.explain.boxes import overlaps
from numa_runtime.explain.course import Step
from numa_runtime.explain.events import Advice, Event
from numa_runtime.explain.scene import NOBODY, Scene
from numa_runtime.explain.telling.life import (
    WORTH_TRYING,
    Life,
    named,
    number_of,
    reason_numbers,
    rounded,
)
from numa_runtime.explain.words import told_apart, whose
from numa_runtime.tracking.params.associations import Standing
from numa_runtime.words import count

SLACK = 0.05
"""How far off a predicted box may make the overlap of two doubles."""


class End(StrEnum):
    """The ways an id can end."""

    GIVEN_UP = "given up"
    DOUBLE = "removed as a double"
    DROPPED = "dropped before it was shown"


def how_ended(life: Life, step: Step) -> End:
    """Return which way it was, from what the id was before the frame that removed it."""
    scene = life.analysis.scenes[step.position]
    before, matched = scene.before.standing_of(life.id), scene.taken_by(life.id) >= 0
    waited = life.analysis.elapsed(step.since, step.position) > life.analysis.params.buffer_frames
    if before is Standing.LOST and waited and not matched:
        return End.GIVEN_UP
    if _twin(life, scene) is not None and (before is not Standing.UNCONFIRMED or matched):
        return End.DOUBLE
    return End.DROPPED if before is Standing.UNCONFIRMED else End.GIVEN_UP


def ended(life: Life, step: Step) -> Event:
    """Tell why the id was removed in this frame."""
    tellers = {End.GIVEN_UP: _given_up, End.DOUBLE: _double, End.DROPPED: _dropped}
    return tellers[how_ended(life, step)](life, step)


def _twin(life: Life, scene: Scene) -> tuple[int, float] | None:
    """Return the id this one was a double of, and their IoU; None where there is none.

    Doubles are a track that was matched in the frame and one that was not. The published tracker does not list those
    it removes; their box is then the predicted one.
    """
    limit, row = life.analysis.params.duplicate_limit, scene.ended.place(life.id)
    box = scene.ended.boxes[row] if row >= 0 else scene.predicted(life.id)
    if limit is None or box is None:
        return None
    limit += SLACK if row < 0 else 0.0
    matched, best = scene.taken_by(life.id) >= 0, None
    for tracks in (scene.after, scene.ended):
        over = overlaps(box, tracks.boxes) if len(tracks.ids) else np.zeros(0)
        for k in np.flatnonzero((tracks.ids != life.id) & ((tracks.seen == scene.position) != matched)).tolist():
            if 1.0 - over[k] < limit and (best is None or over[k] > best[1]):
                best = int(tracks.ids[k]), float(over[k])
    return best


def _dropped(life: Life, step: Step) -> Event:
    reason, said = life.analysis.reason(step.position, life.id)
    seen = len(life.course.seen)
    rule = ": a new track has to be seen again in the next frame" if seen == 1 else f", after {seen} detections"
    text = f"Dropped before it was ever shown{rule}. {said.text}"
    advice: tuple[Advice, ...] = ()
    if reason.free is not None and reason.free.overlap >= WORTH_TRYING:
        advice = life.advice_to_keep(step, reason.free)
    shows = step.since, step.position, step.position + 1
    return life.event(step, text, said.caption, reason_numbers(reason), shows, named(reason), advice)


def _given_up(life: Life, step: Step) -> Event:
    elapsed = life.analysis.elapsed(step.since, step.position)
    buffer = life.analysis.params.buffer
    frames = step.position - step.since
    unseen, kept = _times(life.analysis.params, frames, elapsed)
    middle = life.nearest_miss(step.since, step.position)
    text = f"Given up: not seen for {unseen}, and a lost track is kept for {kept}."
    text += life.in_between(step.since, step.position, middle)
    figures = {"frames_unseen": frames, "nominal_frames": rounded(elapsed), buffer.name: buffer.value}
    shows = step.since, step.since + 1 if middle is None else middle, step.position
    return life.event(step, text, f"unseen for longer than {buffer.name} {buffer.value:g}", figures, shows)


def _times(params: Any, frames: int, elapsed: float) -> tuple[str, str]:
    """Return how long an id was not seen and how long it may be; in seconds too where frames do not tell."""
    buffer, rate, unseen = params.buffer, params.frame_rate, count(frames, "frame")
    if not buffer.in_seconds and abs(elapsed - frames) <= 0.5 and frames > buffer.value:
        return unseen, f"{buffer.value:g} ({buffer.name})"
    waited, kept = told_apart(elapsed / rate, params.buffer_frames / rate)
    how = buffer.name
    if not buffer.in_seconds:
        how += f" {buffer.value:g}, counted at {rate:g} frames per second"
    return f"{unseen} ({waited} s)", f"{kept} s ({how})"


def _double(life: Life, step: Step) -> Event:
    other, overlap = _twin(life, life.analysis.scenes[step.position]) or (NOBODY, 0.0)
    adviser, limit = life.analysis.adviser, life.analysis.params.duplicate_thresh
    text = (
        f"Removed as a double of {whose(other)}, which has lived as long or longer: their boxes overlap by IoU "
        f"{overlap:.2f}, and above {1 - limit:.2f} (duplicate_thresh {limit:g}) a tracked and a lost id are one."
    )
    values = (round(1.0 - overlap - less, 2) for less in (0.01, 0.03, 0.06))
    proposals: list[Changes] = [(adviser.change("duplicate_thresh", v),) for v in values if 0.0 <= v < limit]
    goal = StillThere(life.analysis.sighting(step.since, life.id), step.position)
    advice = adviser.prove(proposals, goal, "would have kept both")
    figures = {"other": number_of(other), "iou": rounded(overlap), "duplicate_thresh": limit}
    shows = step.position - 2, step.position - 1, step.position
    return life.event(step, text, f"double of {whose(other)}: IoU {overlap:.2f}", figures, shows, (other,), advice)
