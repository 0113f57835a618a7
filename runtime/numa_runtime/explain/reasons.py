"""Why a track got the detection it got, or none: every detection of the frame held against every stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np

from numa_runtime.explain.boxes import distances, overlaps
from numa_runtime.explain.scene import NOBODY, Scene
from numa_runtime.tracking.params.associations import Association, Band, Reference, Standing

TOUCHING = 0.01
"""An overlap below this is none: the probabilistic IoU of rotated boxes never quite reaches 0."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One track and one detection of a frame.

    Attributes:
        standing: the track's, before the frame.
        overlap: IoU with the predicted box.
        last_overlap: IoU with the detection the track took last.
        away: pixels between the centres.
        band: the heap its score falls into.
        stage: the association that would match the two, or else the first that offers them to each other, None if there
            is none.
        holder: the id that was there before and took the detection.
        starts: the id it began instead.
    """

    detection: int
    standing: Standing
    score: float
    same_class: bool
    overlap: float
    last_overlap: float
    away: float
    band: Band | None
    stage: Association | None
    holder: int
    starts: int

    @property
    def strength(self) -> float:
        """What the stage compares: IoU, or IoU x score."""
        return self.overlap if self.stage is None else self.stage.strength(self.compared_overlap, self.score)

    @property
    def compared_overlap(self) -> float:
        """The IoU with the box that the stage looks at."""
        last = self.stage is not None and self.stage.reference is Reference.LAST_SEEN
        return self.last_overlap if last else self.overlap

    @property
    def promise(self) -> float:
        """How likely the two belong together: overlap counts in full, a faint score speaks against noise."""
        return self.overlap * sqrt(self.score)

    @property
    def fits(self) -> bool:
        """Whether some stage would match the two, if no other detection or track were there."""
        return self.stage is not None and self.same_class and 1.0 - self.strength < self.stage.limit


class Cause(StrEnum):
    """What kept a track and a detection apart."""

    NOTHING = "nothing overlaps"
    LIMIT = "limit"
    TAKEN = "taken"
    HIDDEN = "hidden"
    WEAK = "weak"
    CLOSED = "closed"
    CLASS = "class"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a track went without: the detection that decided, and the best one nobody held (None: there is none)."""

    cause: Cause
    pairing: Pairing | None
    free: Pairing | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """A tracker's stages, whether classes are kept apart, and what besides overlap can bring a pair together.

    Attributes:
        also: as a sentence would say it ("it looks the same"), empty where overlap alone decides.
    """

    stages: tuple[Association, ...]
    per_class: bool
    also: str = ""

    @property
    def bands(self) -> tuple[Band, ...]:
        """The heaps detections are sorted into."""
        return tuple(dict.fromkeys(stage.band for stage in self.stages))

    def band_of(self, score: float) -> Band | None:
        """Return the heap a detection of this score falls into, None when it is too weak for all of them."""
        return next((band for band in self.bands if score in band), None)

    def stage_for(
        self, standing: Standing, score: float, overlap: float = 0.0, last_overlap: float = 0.0
    ) -> Association | None:
        """Return the association that matches such a pair, or else the first that takes such a track and score."""
        offered = [s for s in self.stages if standing in s.takes and score in s.band]
        for stage in offered:
            seen = last_overlap if stage.reference is Reference.LAST_SEEN else overlap
            if 1.0 - stage.strength(seen, score) < stage.limit:
                return stage
        return offered[0] if offered else None


def pairings(scene: Scene, track_id: int, rules: Rules) -> list[Pairing]:
    """Compare the usable detections of a frame with the predicted box of `track_id`.

    Returns:
        Those that touch it, the nearest one, and the one it took; most promising first.
    """
    at = scene.before.place(track_id)
    if at < 0:
        return []
    standing, box = scene.before.standing[at], scene.before.boxes[at]
    usable = np.flatnonzero(scene.usable)
    if not len(usable):
        return []
    over, away = overlaps(box, scene.boxes[usable]), distances(box, scene.boxes[usable])
    last = overlaps(scene.last_boxes[at], scene.boxes[usable])
    matters = (over >= TOUCHING) | (usable == scene.taken_by(track_id))
    matters[away.argmin()] = True
    found = []
    for k in np.flatnonzero(matters).tolist():
        detection = int(usable[k])
        score, holder = float(scene.scores[detection]), scene.holder(detection)
        new = scene.is_new(holder)
        found.append(
            Pairing(
                detection,
                standing,
                score,
                not rules.per_class or scene.classes[detection] == scene.before.cls[at],
                float(over[k]),
                float(last[k]),
                float(away[k]),
                rules.band_of(score),
                rules.stage_for(standing, score, float(over[k]), float(last[k])),
                NOBODY if new else holder,
                holder if new else NOBODY,
            )
        )
    return sorted(found, key=lambda p: (-p.promise, p.away))


def pairing_with(found: Sequence[Pairing], detection: int) -> Pairing | None:
    """Return the pairing of that detection."""
    return next((p for p in found if p.detection == detection), None)


def why_without(found: Sequence[Pairing]) -> Reason:
    """Return why a track with these pairings (most promising first) got no detection."""
    near = [p for p in found if p.overlap >= TOUCHING]
    if not near:
        return Reason(Cause.NOTHING, min(found, key=lambda p: p.away, default=None))
    free = next((p for p in near if p.holder == NOBODY), None)
    lost_to = next((p for p in near if p.holder != NOBODY and p.fits), None)
    if lost_to is not None and (free is None or free.promise <= lost_to.promise):
        return Reason(Cause.TAKEN, lost_to, free)
    if free is None:
        return Reason(Cause.HIDDEN, near[0])
    return Reason(_cause(free), free, free)


def _cause(pairing: Pairing) -> Cause:
    """Return what kept a track from a detection that no other track took."""
    if not pairing.same_class:
        return Cause.CLASS
    if pairing.band is None:
        return Cause.WEAK
    if pairing.stage is None:
        return Cause.CLOSED
    return Cause.UNKNOWN if pairing.fits else Cause.LIMIT
