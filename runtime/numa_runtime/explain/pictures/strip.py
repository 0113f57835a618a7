"""One event as a strip: the frames before, at and after it, with what the tracker expected and what it got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_runtime.explain.analysis import Analysis
from numa_runtime.explain.boxes import Floats, corners, overlaps
from numa_runtime.explain.course import Course
from numa_runtime.explain.events import Event
from numa_runtime.explain.pictures.frames import Frames
from numa_runtime.explain.pictures.paint import (
    ALARM,
    FAINT,
    FREE,
    GROUND,
    WORDS,
    Image,
    blank,
    cv2,
    dashed,
    outline,
    tag,
    text_size,
    wrapped,
    write,
)
from numa_runtime.explain.pictures.view import View
from numa_runtime.explain.scene import NOBODY, Scene
from numa_runtime.results import Frame
from numa_runtime.vision.draw.palette import Color, color_of, mixed

PANEL_WIDTH, PANEL_HEIGHT, GAP, HEADER, TITLE = 440, 380, 10, 26, 34
CAPTION_SCALE, CAPTION_LINE = 0.5, 22
NEAR = 0.1
"""Free detections that overlap an id by less than this are not drawn."""
SIMILAR = 130.0
"""Colours nearer than this (of 441) are easily taken for one another."""
CONTRAST: Color = (200, 80, 255)

Tag = tuple[str, tuple[float, float], Color]
"""A text, where it stands (left, bottom), the colour of its field."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Draws the events of one id."""

    analysis: Analysis
    course: Course
    footage: Frames

    def draw(self, event: Event) -> Image:
        """Return the picture of one event, uint8 BGR."""
        frames = [self.footage.get(self.analysis.scenes[position].number) for position in event.shows]
        shape = next((frame.shape for frame in frames if frame is not None), None)
        view = View.around(self._boxes(event), PANEL_WIDTH, PANEL_HEIGHT, shape)
        panels = [
            self._panel(position, frame, event, view) for position, frame in zip(event.shows, frames, strict=True)
        ]
        width = max(len(panels), 2) * (PANEL_WIDTH + GAP) + GAP
        told = [event.caption, *(f"-> {advice}" for advice in event.advice)]
        lines = [line for text in told for line in wrapped(text, width - 2 * GAP, CAPTION_SCALE)]
        top = TITLE + PANEL_HEIGHT + HEADER
        image = blank(width, top + GAP + CAPTION_LINE * (len(lines) + 1) + GAP)
        title = f"id {self.course.track_id} {event.kind.value} in frame {event.number} ({event.time:.2f} s)"
        write(image, title, GAP, TITLE - 11, 0.62)
        for place, panel in enumerate(panels):
            left = GAP + place * (PANEL_WIDTH + GAP)
            image[TITLE:top, left : left + PANEL_WIDTH] = panel
        for number, line in enumerate(lines):
            write(image, line, GAP, top + CAPTION_LINE * (number + 1), CAPTION_SCALE)
        self._legend(image, image.shape[0] - GAP)
        return image

    def _boxes(self, event: Event) -> list[Floats]:
        """Return what the view must hold: the id's boxes, and those of the ids it is about."""
        boxes: list[Floats] = []
        for position in event.shows:
            scene = self.analysis.scenes[position]
            for who in (self.course.track_id, *event.others):
                expected, taken = scene.predicted(who), scene.taken_by(who)
                boxes += [expected] if expected is not None else []
                boxes += [scene.boxes[taken]] if taken >= 0 else []
        return [box for box in boxes if np.isfinite(box).all()]

    def _panel(self, position: int, frame: Frame | None, event: Event, view: View) -> Image:
        scene = self.analysis.scenes[position]
        picture = view.cut(frame)
        if frame is None:
            write(picture, "this frame was not kept", 12, 24, 0.45, FAINT)
        tags = self._draw_detections(picture, scene, view, event.others)
        tags += self._draw_expected(picture, scene, view, event.others)
        self._draw_track(picture, scene, view)
        for text, (left, bottom), tint in tags:
            tag(picture, text, left, bottom, tint, 0.4)
        self._tag_track(picture, scene, view)
        decisive = position == event.position
        panel = blank(PANEL_WIDTH, PANEL_HEIGHT + HEADER)
        panel[HEADER:] = picture
        color = ALARM if decisive else mixed(GROUND, WORDS, 0.2)
        panel[:HEADER] = mixed(GROUND, WORDS, 0.12)
        cv2.rectangle(panel, (0, 0), (PANEL_WIDTH - 1, PANEL_HEIGHT + HEADER - 1), color, 2)
        write(panel, f"frame {scene.number}  {scene.time:.2f} s", 8, HEADER - 8, 0.48)
        state = self._state_words(position)
        write(panel, state, PANEL_WIDTH - text_size(state, 0.48)[0] - 8, HEADER - 8, 0.48, ALARM if decisive else FAINT)
        return panel

    def _state_words(self, position: int) -> str:
        place = position - self.course.first
        if place < 0:
            return "not yet born"
        return self.course.states[place].value if place < len(self.course.states) else "gone"

    def _draw_detections(self, picture: Image, scene: Scene, view: View, named: tuple[int, ...]) -> list[Tag]:
        """Draw the ids an event speaks of, the decisive detection and free ones that touch this id; others faintly.

        Returns the tags that belong to them, the important ones last.
        """
        own, decisive = self.course.track_id, self._decisive(scene)
        near = self._touching(scene)
        tags: list[tuple[int, Tag]] = []
        for detection in np.flatnonzero(scene.usable).tolist():
            holder, score = scene.holder(detection), float(scene.scores[detection])
            points = view.points(corners(scene.boxes[detection]))
            if holder == own or not view.shows(points):
                continue
            weak = self.analysis.rules.band_of(score) is None
            if holder == NOBODY and detection != decisive and (weak or not near[detection]):
                continue
            known = holder in named or holder == NOBODY
            color = FREE if holder == NOBODY else self._color_next_to(holder)
            color = color if known or near[detection] else mixed(color, GROUND, 0.4)
            outline(picture, points, color, 2 if detection == decisive or holder in named else 1)
            if known or near[detection]:
                important = detection == decisive or holder in named
                text = f"#{holder} {score:.2f}" if holder > NOBODY else f"{score:.2f}"
                rank = int(detection == decisive) + 2 * int(holder in named)
                tags.append((rank, (text, _foot(points, outside=important), color)))
        return [one for _, one in sorted(tags, key=lambda pair: pair[0])]

    def _draw_expected(self, picture: Image, scene: Scene, view: View, named: tuple[int, ...]) -> list[Tag]:
        """Draw where the ids an event speaks of were expected, if they got no detection; return their tags."""
        tags: list[Tag] = []
        for other in named:
            expected = scene.predicted(other)
            if expected is not None and scene.taken_by(other) < 0:
                points = view.points(corners(expected))
                dashed(picture, points, self._color_next_to(other), 1)
                tags.append(
                    (
                        f"{f'#{other} ' if other > NOBODY else ''}expected here",
                        _foot(points, outside=True),
                        self._color_next_to(other),
                    )
                )
        return tags

    def _touching(self, scene: Scene) -> NDArray[np.bool_]:
        """Return which detections overlap the box this id is expected in, or took."""
        own, near = self.course.track_id, np.zeros(len(scene.boxes), bool)
        taken = scene.taken_by(own)
        for box in (scene.predicted(own), scene.boxes[taken] if taken >= 0 else None):
            if box is not None:
                near |= overlaps(box, scene.boxes) >= NEAR
        return near

    def _color_next_to(self, other: int) -> Color:
        """Return another id's colour, or one that differs where it looks like this id's."""
        own, color = color_of(self.course.track_id), color_of(other)
        alike = sum((a - b) ** 2 for a, b in zip(own, color, strict=True)) < SIMILAR**2
        return CONTRAST if alike else color

    def _decisive(self, scene: Scene) -> int:
        """Return the detection that decided a frame in which the id went without one, or -1."""
        own = self.course.track_id
        if scene.before.place(own) < 0 or scene.taken_by(own) >= 0:
            return -1
        pairing = self.analysis.reason(scene.position, own)[0].pairing
        return -1 if pairing is None else pairing.detection

    def _draw_track(self, picture: Image, scene: Scene, view: View) -> None:
        """Draw where the id was expected (dashed), what it took (solid), or where it was seen last (thin)."""
        own = self.course.track_id
        color, expected, taken = color_of(own), scene.predicted(own), scene.taken_by(own)
        if taken < 0:
            self._draw_last(picture, scene, view)
        else:
            outline(picture, view.points(corners(scene.boxes[taken])), color, 3)
        if expected is not None:
            dashed(picture, view.points(corners(expected)), color, 2)

    def _tag_track(self, picture: Image, scene: Scene, view: View) -> None:
        """Name the id at the box it took, or at the one it was expected in."""
        own = self.course.track_id
        expected, taken = scene.predicted(own), scene.taken_by(own)
        if taken >= 0:
            head = _head(view.points(corners(scene.boxes[taken])))
            tag(picture, f"#{own} {scene.scores[taken]:.2f}", *head, color_of(own), 0.46)
        elif expected is not None:
            tag(picture, f"#{own} expected here", *_head(view.points(corners(expected))), color_of(own), 0.42)

    def _draw_last(self, picture: Image, scene: Scene, view: View) -> None:
        last = next((p for p in reversed(self.course.seen) if p < scene.position), None)
        if last is None:
            return
        then = self.analysis.scenes[last]
        faded = mixed(color_of(self.course.track_id), GROUND, 0.45)
        outline(picture, view.points(corners(then.boxes[then.taken_by(self.course.track_id)])), faded, 1)

    def _legend(self, image: Image, baseline: float) -> None:
        color, left = color_of(self.course.track_id), float(GAP)
        entries = [
            ("dash", color, "where it was expected"),
            ("thick", color, "the detection it got"),
            ("thin", mixed(color, GROUND, 0.45), "where it was seen last"),
            ("thin", FREE, "free detection, score"),
            ("thin", color_of(self.course.track_id + 4), "another id's detection"),
        ]
        for style, tint, words in entries:
            ends = np.array([[left, baseline - 4], [left + 30, baseline - 4]])
            if style == "dash":
                dashed(image, ends, tint, 2)
            else:
                outline(image, ends, tint, 3 if style == "thick" else 1)
            write(image, words, left + 38, baseline, 0.42, FAINT)
            left += 38 + text_size(words, 0.42)[0] + 24


def _head(points: Floats) -> tuple[float, float]:
    """Return where a tag stands on a box: its upper left corner."""
    return float(points[:, 0].min()), float(points[:, 1].min()) - 2


def _foot(points: Floats, *, outside: bool) -> tuple[float, float]:
    """Return where a tag hangs at a box: its lower left corner, inside or below it."""
    return float(points[:, 0].min()) + 1, float(points[:, 1].max()) + (18 if outside else -1)
