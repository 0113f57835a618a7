"""The whole life of an id in one picture: how well it matched in every frame, against what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from numa_runtime.explain.course import Kind, State
from numa_runtime.explain.pictures.paint import (
    ALARM,
    FAINT,
    GROUND,
    WORDS,
    Image,
    blank,
    cv2,
    text_size,
    write,
)
from numa_runtime.explain.reasons import pairing_with
from numa_runtime.explain.scene import NOBODY
from numa_runtime.vision.draw.palette import Color, color_of, mixed

if TYPE_CHECKING:
    from numa_runtime.explain.explanation import Explanation

WIDTH, LEFT, RIGHT, TOP, PLOT, BAND = 1360, 56, 20, 44, 220, 18
_MARKED = {Kind.LOST, Kind.FOUND, Kind.SWITCHED, Kind.ENDED, Kind.CROSSED}


@dataclass(frozen=True, slots=True)
class _Point:
    """One frame: how strong its pair was (or the best free one while lost), and what was asked for."""

    position: int
    strength: float | None
    needed: float | None
    got: bool


def draw_chart(explanation: Explanation) -> Image:
    """Return the chart, uint8 BGR."""
    course, scenes = explanation.course, explanation.analysis.scenes
    first, last = course.first, max(course.last, course.first + 1)
    image = blank(WIDTH, TOP + PLOT + BAND + 84)
    write(image, f"id {course.track_id} ({explanation.name}): how well it matched, frame by frame", LEFT, 26, 0.6)

    def x_of(position: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (position - first + 0.5) / (last - first + 1)

    _grid(image)
    points = [_point(explanation, position) for position in range(first, last + 1) if position < len(scenes)]
    color, step = color_of(course.track_id), x_of(1) - x_of(0)
    for point in points:
        x = x_of(point.position)
        if point.needed is not None:
            level = round(_y(point.needed))
            cv2.line(image, (round(x - step / 2), level), (round(x + step / 2), level), ALARM, 2)
        if point.strength is not None:
            center = round(x), round(_y(point.strength))
            radius = 3 if step > 4 else 2
            cv2.circle(image, center, radius, color if point.got else WORDS, -1 if point.got else 1, cv2.LINE_AA)
    _states(image, explanation, [round(x_of(p - 0.5)) for p in range(first, last + 2)])
    _events(image, explanation, [x_of(event.position) for event in explanation.events])
    _frames(image, [scenes[p].number for p in range(first, min(last, len(scenes) - 1) + 1)], x_of, first)
    _legend(image, color)
    return image


def _point(explanation: Explanation, position: int) -> _Point:
    """Return what a frame looked like to the id."""
    analysis, own = explanation.analysis, explanation.track_id
    found = analysis.pairings(position, own)
    taken = analysis.scenes[position].taken_by(own)
    free = next((p for p in found if p.holder == NOBODY), None)
    pairing = pairing_with(found, taken) if taken >= 0 else free
    standing = analysis.scenes[position].before.standing_of(own)
    asking = None if pairing is None else pairing.stage
    if asking is None and standing is not None:
        asking = next((stage for stage in analysis.rules.stages if standing in stage.takes), None)
    strength = None if pairing is None or asking is None else asking.strength(pairing.overlap, pairing.score)
    return _Point(position, strength, None if asking is None else asking.needed, taken >= 0)


def _y(value: float) -> float:
    return TOP + PLOT * (1.0 - min(max(value, 0.0), 1.0))


def _grid(image: Image) -> None:
    for tenth in range(0, 11, 2):
        level = round(_y(tenth / 10))
        cv2.line(image, (LEFT, level), (WIDTH - RIGHT, level), mixed(GROUND, WORDS, 0.12), 1)
        write(image, f"{tenth / 10:.1f}", LEFT - 34, level + 5, 0.42, FAINT)


def _states(image: Image, explanation: Explanation, edges: list[int]) -> None:
    """Draw the band under the plot: seen, weak, lost."""
    color, top = color_of(explanation.track_id), TOP + PLOT + 8
    tints: dict[State, Color] = {
        State.SEEN: color,
        State.WEAK: mixed(color, GROUND, 0.45),
        State.UNCONFIRMED: mixed(color, WORDS, 0.6),
        State.LOST: mixed(GROUND, WORDS, 0.18),
    }
    for place, state in enumerate(explanation.course.states):
        cv2.rectangle(image, (edges[place], top), (edges[place + 1] - 1, top + BAND), tints[state], -1)


def _events(image: Image, explanation: Explanation, places: list[float]) -> None:
    free_from = -1.0
    for event, x in zip(explanation.events, places, strict=True):
        if event.kind not in _MARKED:
            continue
        cv2.line(image, (round(x), TOP), (round(x), TOP + PLOT + BAND + 8), mixed(GROUND, WORDS, 0.45), 1)
        width = text_size(event.kind.value, 0.4)[0]
        left = min(max(x + 3, 0), WIDTH - width - 4)
        if left > free_from:
            write(image, event.kind.value, left, TOP - 4, 0.4, WORDS)
            free_from = left + width + 6


def _frames(image: Image, numbers: list[int], x_of: object, first: int) -> None:
    assert callable(x_of)
    level = TOP + PLOT + BAND + 28
    for place in sorted({round(k) for k in np.linspace(0, len(numbers) - 1, min(12, len(numbers)))}):
        text = str(numbers[place])
        write(image, text, x_of(first + place) - text_size(text, 0.42)[0] / 2, level, 0.42, FAINT)


def _legend(image: Image, color: Color) -> None:
    level, left = image.shape[0] - 14, LEFT
    entries: list[tuple[str, Color, bool]] = [
        ("IoU (x score) of the detection it got", color, True),
        ("of the best free detection while it had none", WORDS, False),
        ("what was asked for", ALARM, True),
        ("band: seen, weak (darker), lost (grey)", mixed(GROUND, WORDS, 0.18), True),
    ]
    for words, tint, filled in entries:
        cv2.circle(image, (left + 6, level - 4), 5, tint, -1 if filled else 1, cv2.LINE_AA)
        write(image, words, left + 18, level, 0.42, FAINT)
        left += 18 + text_size(words, 0.42)[0] + 26
