"""What became of an object before its id began: detections that were there and did not begin it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from numa_runtime.explain.boxes import Floats, overlaps
from numa_runtime.explain.scene import NOBODY, Scene, Sighting

SAME = 0.4
"""Detections of neighbouring frames that overlap by this much are taken for one object."""
PATIENCE, LONGEST, WORTH_TELLING = 2, 150, 3
"""Frames that may lack a detection; frames that are looked back at most; detections that make it worth a word."""


@dataclass(frozen=True, slots=True)
class Prehistory:
    """Detections of one object before its id, oldest first; `ids` began on them and were never shown."""

    sightings: tuple[Sighting, ...]
    scores: tuple[float, ...]
    ids: tuple[int, ...]

    def first_of_each_score(self) -> dict[Sighting, float]:
        """Return the sightings without those whose score (two digits) came before."""
        first: dict[float, Sighting] = {}
        for sighting, score in zip(self.sightings, self.scores, strict=True):
            first.setdefault(floor(100 * score) / 100, sighting)
        return {sighting: score for score, sighting in first.items()}


def prehistory(scenes: Sequence[Scene], shown: frozenset[int], birth: Sighting) -> Prehistory | None:
    """Return what was detected of the object before its `birth`, or None where that is not worth telling.

    Args:
        scenes: the recording.
        shown: ids that users ever saw; what they held was theirs.
        birth: when the id was born.
    """
    trail = list(_back(scenes, shown, birth))[::-1]
    if len(trail) < WORTH_TELLING:
        return None
    holders = dict.fromkeys(scenes[s.position].holder(s.detection) for s in trail)
    return Prehistory(
        tuple(trail),
        tuple(float(scenes[s.position].scores[s.detection]) for s in trail),
        tuple(holder for holder in holders if holder != NOBODY),
    )


def _back(scenes: Sequence[Scene], shown: frozenset[int], birth: Sighting) -> Iterator[Sighting]:
    """Yield the object's detections, newest first."""
    box, missing = scenes[birth.position].boxes[birth.detection], 0
    for position in range(birth.position - 1, max(-1, birth.position - 1 - LONGEST), -1):
        best = _nearest(scenes[position], shown, box)
        if best < 0:
            missing += 1
            if missing > PATIENCE:
                return
            continue
        box, missing = scenes[position].boxes[best], 0
        yield Sighting(position, best)


def _nearest(scene: Scene, shown: frozenset[int], box: Floats) -> int:
    """Return the detection that overlaps `box` most and belongs to no id that users ever saw, or -1."""
    free = [k for k in np.flatnonzero(scene.usable).tolist() if scene.holder(k) not in shown]
    if not free:
        return -1
    over = overlaps(box, scene.boxes[free])
    return free[int(over.argmax())] if over.max() >= SAME else -1
