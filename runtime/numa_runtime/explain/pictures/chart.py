"""The whole life of an id in one picture: how well it matched in every frame, against what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numa_runtime.explain.analysis import Analysis
from numa_runtime.explain.course import Course, Kind, State
from numa_runtime.explain.events import Event
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

WIDTH, LEFT, RIGHT, TOP, PLOT, BAND = 1360, 56, 20, 44, 220, 18
_MARKED = {Kind.LOST, Kind.FOUND, Kind.SWITCHED, Kind.ENDED, Kind.CROSSED}


@dataclass(frozen=True, slots=True)
class _Point:
    """One frame: how strong its pair was (or the best free one while lost), and what was asked for."""

    position: int
    strength: float | None
    needed: float | None
    got: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Draws the life of one id; `name` is its class's."""

    analysis: Analysis
    course: Course
    events: Sequence[Event]
    name: str

    def draw(self) -> Image:
        """Return the chart, uint8 BGR."""
        own, color = self.course.track_id, color_of(self.course.track_id)
        image = blank(WIDTH, TOP + PLOT + BAND + 84)
        write(image, f"id {own} ({self.name}): how well it matched, frame by frame", LEFT, 26, 0.6)
        _grid(image)
        self._draw_points(image, color)
        self._draw_states(image, color)
        self._draw_events(image)
        self._draw_numbers(image)
        _legend(image, color)
        return image

    @property
    def _last(self) -> int:
        """The last position that has room: at least two have."""
        return max(self.course.last, self.course.first + 1)

    def _x(self, position: float) -> float:
        """Return where a frame's middle stands, in pixels."""
        frames = self._last - self.course.first + 1
        return LEFT + (WIDTH - LEFT - RIGHT) * (position - self.course.first + 0.5) / frames

    @property
    def _positions(self) -> range:
        """The frames that are drawn."""
        return range(self.course.first, min(self._last + 1, len(self.analysis.scenes)))

    def _point(self, position: int) -> _Point:
        """Return what a frame looked like to the id."""
        own, scene = self.course.track_id, self.analysis.scenes[position]
        found, taken = self.analysis.pairings(position, own), scene.taken_by(own)
        free = next((p for p in found if p.holder == NOBODY), None)
        pairing = pairing_with(found, taken) if taken >= 0 else free
        standing = scene.before.standing_of(own)
        asking = None if pairing is None else pairing.stage
        if asking is None and standing is not None:
            asking = next((stage for stage in self.analysis.rules.stages if standing in stage.takes), None)
        strength = None if pairing is None or asking is None else asking.strength(pairing.overlap, pairing.score)
        return _Point(position, strength, None if asking is None else asking.needed, taken >= 0)

    def _draw_points(self, image: Image, color: Color) -> None:
        """Draw how strong each frame's pair was, and the line it had to exceed."""
        step = self._x(1) - self._x(0)
        radius = 3 if step > 4 else 2
        for point in map(self._point, self._positions):
            x = self._x(point.position)
            if point.needed is not None:
                level = round(_y(point.needed))
                cv2.line(image, (round(x - step / 2), level), (round(x + step / 2), level), ALARM, 2)
            if point.strength is not None:
                center = round(x), round(_y(point.strength))
                cv2.circle(image, center, radius, color if point.got else WORDS, -1 if point.got else 1, cv2.LINE_AA)

    def _draw_states(self, image: Image, color: Color) -> None:
        """Draw the band under the plot: seen, weak, not seen, lost."""
        top = TOP + PLOT + 8
        tints: dict[State, Color] = {
            State.SEEN: color,
            State.WEAK: mixed(color, GROUND, 0.45),
            State.UNCONFIRMED: mixed(color, WORDS, 0.6),
            State.UNSEEN: mixed(color, GROUND, 0.75),
            State.LOST: mixed(GROUND, WORDS, 0.18),
        }
        for position, state in enumerate(self.course.states, self.course.first):
            left, right = round(self._x(position - 0.5)), round(self._x(position + 0.5))
            cv2.rectangle(image, (left, top), (right - 1, top + BAND), tints[state], -1)

    def _draw_events(self, image: Image) -> None:
        """Mark the turns with a line, and name those that have room."""
        free_from = -1.0
        for event in self.events:
            if event.kind not in _MARKED:
                continue
            x = self._x(event.position)
            cv2.line(image, (round(x), TOP), (round(x), TOP + PLOT + BAND + 8), mixed(GROUND, WORDS, 0.45), 1)
            width = text_size(event.kind.value, 0.4)[0]
            left = min(max(x + 3, 0), WIDTH - width - 4)
            if left > free_from:
                write(image, event.kind.value, left, TOP - 4, 0.4, WORDS)
                free_from = left + width + 6

    def _draw_numbers(self, image: Image) -> None:
        """Write the numbers of at most twelve frames under the band."""
        level, positions = TOP + PLOT + BAND + 28, self._positions
        for place in sorted({round(k) for k in np.linspace(0, len(positions) - 1, min(12, len(positions)))}):
            text = str(self.analysis.scenes[positions[place]].number)
            write(image, text, self._x(positions[place]) - text_size(text, 0.42)[0] / 2, level, 0.42, FAINT)


def _y(value: float) -> float:
    return TOP + PLOT * (1.0 - min(max(value, 0.0), 1.0))


def _grid(image: Image) -> None:
    for tenth in range(0, 11, 2):
        level = round(_y(tenth / 10))
        cv2.line(image, (LEFT, level), (WIDTH - RIGHT, level), mixed(GROUND, WORDS, 0.12), 1)
        write(image, f"{tenth / 10:.1f}", LEFT - 34, level + 5, 0.42, FAINT)


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
