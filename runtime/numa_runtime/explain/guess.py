"""Which other id an object may have gone on as: a guess from where and when tracks were born."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from numa_runtime.explain.boxes import Floats, centres, distances, overlaps, sizes
from numa_runtime.explain.scene import Scene, Sighting
from numa_runtime.tracking.params.associations import Standing

REACH, REACH_PER_FRAME, FARTHEST = 0.4, 0.015, 0.8
"""How far from where it is expected an object may turn up: in longer sides, at once, more per frame, and at most."""
HALVED_AFTER = 30
"""Frames out of sight that make a guess half as likely."""
LIKELY = 0.2
"""Guesses less likely than this are not made."""
MEMORY = 10
"""How many of its last detections tell where an object was heading."""
SIZE_RATIO = 2.0
"""A box that is more than this much larger or smaller is another object."""


@dataclass(frozen=True, slots=True)
class Heir:
    """The track `track_id`, born from `birth`, may go on with the object of another one that is gone.

    Attributes:
        away: pixels between where that one was expected and where this one was born.
        size: the longer side of the box it was expected in.
        gap: frames since that one was seen.
        ended: whether it had been removed by then.
    """

    track_id: int
    birth: Sighting
    away: float
    size: float
    overlap: float
    gap: int
    ended: bool

    @property
    def likeliness(self) -> float:
        """1 where and when it was expected, 0 at the edge of what is believable."""
        return (1.0 - self.away / (self.size * _reach(self.gap))) / (1.0 + self.gap / HALVED_AFTER)


def _reach(gap: int) -> float:
    return min(REACH + REACH_PER_FRAME * gap, FARTHEST)


class _Gone:
    """Where the ids that are gone are believed to be.

    Two beliefs each: the filter's last prediction, standing still from the end of the id on, and the last
    detection, moved on as the last few detections moved. Filters follow a sudden turn late.
    """

    def __init__(self) -> None:
        self._trail: dict[int, deque[tuple[int, Floats]]] = {}
        self._predicted: dict[int, Floats] = {}
        self.cls: dict[int, int] = {}

    def update(self, scene: Scene) -> None:
        """Take note of one frame: an id is gone as long as it gets no detection."""
        for row, (track_id, standing) in enumerate(zip(scene.before.ids.tolist(), scene.before.standing, strict=True)):
            if scene.taken_by(track_id) < 0 and standing is not Standing.UNCONFIRMED:
                self._predicted[track_id] = scene.before.boxes[row]
                self.cls[track_id] = int(scene.before.cls[row])
        now = scene.after.seen == scene.position
        for track_id, detection in zip(scene.after.ids[now].tolist(), scene.after.taken[now].tolist(), strict=True):
            self._predicted.pop(track_id, None)
            if detection >= 0:
                trail = self._trail.setdefault(track_id, deque(maxlen=MEMORY))
                trail.append((scene.position, scene.boxes[detection]))

    def __iter__(self) -> Iterator[int]:
        return iter(self._predicted)

    def seen(self, track_id: int) -> int:
        """Return the position of its last detection."""
        return self._trail[track_id][-1][0]

    def beliefs(self, track_id: int, position: int) -> tuple[Floats, Floats]:
        """Return the two boxes in which an id that is gone may be at `position`."""
        trail = self._trail[track_id]
        (first, start), (last, box) = trail[0], trail[-1]
        moved = (centres(box[None]) - centres(start[None]))[0] / max(last - first, 1) * (position - last)
        heading = box.copy()
        heading[:2] += moved
        if len(box) == 4:
            heading[2:] += moved
        return self._predicted[track_id], heading


def heirs(scenes: Sequence[Scene], within: float) -> list[tuple[int, Heir]]:
    """Find the births that have a believable forerunner.

    Tracks that were never shown count for nothing. Each birth goes to the likeliest id that was lost or had ended by
    then, each id to its likeliest birth.

    Args:
        scenes: the recording.
        within: the most frames that an id may be gone.

    Returns:
        (gone id, heir) for each.
    """
    found: list[tuple[int, Heir]] = []
    gone = _Gone()
    shown = {int(i) for scene in scenes for i in scene.rows[:, -4]}
    for scene in scenes:
        gone.update(scene)
        for birth in np.flatnonzero(scene.after.born == scene.position).tolist():
            if int(scene.after.ids[birth]) not in shown:
                continue
            believable = [
                (old, heir)
                for old, heir in _forerunners(scene, birth, gone)
                if heir.gap <= within and heir.likeliness >= LIKELY
            ]
            if believable:
                found.append(max(believable, key=lambda pair: pair[1].likeliness))
    best: dict[int, tuple[int, Heir]] = {}
    for old, heir in found:
        if old not in best or heir.likeliness > best[old][1].likeliness:
            best[old] = old, heir
    return list(best.values())


def _forerunners(scene: Scene, birth: int, gone: _Gone) -> Iterator[tuple[int, Heir]]:
    """Yield every id that is gone with what speaks for its going on as the track in row `birth`."""
    after, position, detection = scene.after, scene.position, int(scene.after.taken[birth])
    if detection < 0:
        return
    born = scene.boxes[detection : detection + 1]
    own = float(sizes(born).max())
    for old in gone:
        if gone.cls[old] != int(after.cls[birth]):
            continue
        box = min(gone.beliefs(old, position), key=lambda belief: float(distances(belief, born)[0]))
        size = float(sizes(box[None]).max())
        if not 1 / SIZE_RATIO < own / size < SIZE_RATIO:
            continue
        heir = Heir(
            int(after.ids[birth]),
            Sighting(position, detection),
            float(distances(box, born)[0]),
            size,
            float(overlaps(box, born)[0]),
            position - gone.seen(old),
            after.place(old) < 0,
        )
        yield old, heir
