"""Why a track got the detection it got, or none: every detection of the frame held against every stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from numa_runtime.explain.boxes import distances, grown, heights, overlaps
from numa_runtime.explain.scene import NOBODY, Scene
from numa_runtime.tracking.model_thresholds import ORIGIN
from numa_runtime.tracking.params.associations import Association, Band, Reference, Standing

TOUCHING = 0.01
"""An overlap below this is none: the probabilistic IoU of rotated boxes never quite reaches 0."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One track and one detection of a frame.

    Attributes:
        standing: the track's, before the frame.
        overlap: IoU with the predicted box.
        away: pixels between the centres.
        band: the heap its score falls into.
        stage: the association that would match the two, or else the first that offers them to each other, None if there
            is none.
        compared_overlap: the overlap that this association looks at.
        holder: the id that was there before and took the detection.
        starts: the id it began instead.
    """

    detection: int
    standing: Standing
    score: float
    same_class: bool
    overlap: float
    away: float
    band: Band | None
    stage: Association | None
    compared_overlap: float
    holder: int
    starts: int

    @property
    def strength(self) -> float:
        """What the stage compares: IoU, or IoU x score."""
        return self.overlap if self.stage is None else self.stage.strength(self.compared_overlap, self.score)

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
        from_model: names of thresholds that the model's contract gave.
    """

    stages: tuple[Association, ...]
    per_class: bool
    also: str = ""
    from_model: frozenset[str] = frozenset()

    def said(self, name: str, value: float, between: str = " ") -> str:
        """Return "match_thresh 0.8", and where it is from unless that is the tracker itself or the user."""
        return f"{name}{between}{value:g}" + (f" {ORIGIN}" if name in self.from_model else "")

    @property
    def bands(self) -> tuple[Band, ...]:
        """The heaps detections are sorted into."""
        return tuple(dict.fromkeys(stage.band for stage in self.stages))

    def band_of(self, score: float) -> Band | None:
        """Return the heap a detection of this score falls into, None when it is too weak for all of them."""
        return next((band for band in self.bands if score in band), None)

    def stage_for(
        self, standing: Standing, score: float, overlaps: Mapping[Association, float] | None = None
    ) -> Association | None:
        """Return the association that matches such a pair, or else the first that takes such a track and score.

        `overlaps` says what each association would look at; without, none of them matches.
        """
        offered = [s for s in self.stages if standing in s.takes and score in s.band]
        for stage in offered:
            if overlaps is not None and 1.0 - stage.strength(overlaps[stage], score) < stage.limit:
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
    seen = {stage: _looked_at(scene, at, usable, stage) for stage in rules.stages}
    matters = np.max([over, *(s for stage, s in seen.items() if stage.buffer)], axis=0) >= TOUCHING
    matters |= usable == scene.taken_by(track_id)
    matters[away.argmin()] = True
    found = []
    for k in np.flatnonzero(matters).tolist():
        detection = int(usable[k])
        score, holder = float(scene.scores[detection]), scene.holder(detection)
        new = scene.is_new(holder)
        here = {stage: float(overlap[k]) for stage, overlap in seen.items()}
        stage = rules.stage_for(standing, score, here)
        found.append(
            Pairing(
                detection,
                standing,
                score,
                not rules.per_class or scene.classes[detection] == scene.before.cls[at],
                float(over[k]),
                float(away[k]),
                rules.band_of(score),
                stage,
                float(over[k]) if stage is None else here[stage],
                NOBODY if new else holder,
                holder if new else NOBODY,
            )
        )
    return sorted(found, key=lambda p: (-p.promise, p.away))


def _looked_at(scene: Scene, at: int, usable: NDArray[np.intp], stage: Association) -> NDArray[np.float64]:
    """Return the overlap of one track with each usable detection that `stage` looks at."""
    last = stage.reference is Reference.LAST_SEEN
    box, boxes = scene.last_boxes[at] if last else scene.before.boxes[at], scene.boxes[usable]
    if stage.buffer:
        box, boxes = grown(box, stage.buffer), grown(boxes, stage.buffer)
    modulated = stage.by_height and len(box) == 4
    return overlaps(box, boxes) * heights(box, boxes) if modulated else overlaps(box, boxes)


def pairing_with(found: Sequence[Pairing], detection: int) -> Pairing | None:
    """Return the pairing of that detection."""
    return next((p for p in found if p.detection == detection), None)


def why_without(found: Sequence[Pairing]) -> Reason:
    """Return why a track with these pairings (most promising first) got no detection."""
    near = [p for p in found if max(p.overlap, p.compared_overlap) >= TOUCHING]
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
