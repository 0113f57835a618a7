"""What a gallery knows of each object, and who a newcomer looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

_STEADY = 9
"""Sightings from which an average moves by a tenth each: a = 0.9, as BoT-SORT (arXiv 2206.14651) averages."""


@dataclass(slots=True, eq=False)
class Face:
    """How one object looks, and when it was seen.

    Attributes:
        id: what it is called.
        tracker_id: what the tracker calls it.
        cls: its class.
        first: seconds, when the tracker's track was first shown.
        last: seconds, when it was last shown.
        look: float64 (D,) of length 1, its average appearance; None before it was seen well.
        seen: sightings in that average.
        open: sightings for which it is still compared with who left.
    """

    id: int
    tracker_id: int
    cls: int
    first: float
    last: float
    look: Vector | None = None
    seen: int = 0
    open: int = 0

    def learn(self, vector: Vector) -> bool:
        """Take one sighting into the average; return whether it said anything (a vector of zeros does not)."""
        if not vector.any():
            return False
        known = min(self.seen, _STEADY)
        mean = vector if self.look is None else known * self.look + vector
        length = float(np.linalg.norm(mean))
        self.look, self.seen = (mean / length if length > 1e-9 else vector.copy()), self.seen + 1
        return True

    def become(self, before: Face) -> None:
        """Turn out to be who left before: take over its id and remember both looks alike."""
        self.id, self.open = before.id, 0
        if before.look is not None:
            self.learn(before.look)
        self.seen += before.seen


@dataclass(frozen=True, slots=True)
class Likeness:
    """Who a newcomer looks like most.

    Attributes:
        face: the one.
        similarity: cosine.
        lead: how much more alike than the next.
    """

    face: Face
    similarity: float
    lead: float


def likest(newcomer: Face, others: Sequence[Face]) -> Likeness | None:
    """Return whom of `others` of its class `newcomer` looks like most, None where there is none to compare with."""
    fit = [face for face in others if face is not newcomer and face.cls == newcomer.cls and face.look is not None]
    if newcomer.look is None or not fit:
        return None
    alike = np.stack([face.look for face in fit if face.look is not None]) @ newcomer.look
    best = int(alike.argmax())
    second = float(np.delete(alike, best).max(initial=-1.0))
    return Likeness(fit[best], float(alike[best]), float(alike[best]) - second)
