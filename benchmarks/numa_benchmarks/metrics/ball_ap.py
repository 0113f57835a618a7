"""Average precision of balls over distances: how good scores and positions are together, without any threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TOLERANCES_PX = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Distances of `ball_ap`, pixels of the network's input; each is twice the one before."""

Points = NDArray[np.floating]


@dataclass(slots=True)
class BallRanking:
    """Labels and answers of frames, all in pixels of the network's input.

    Every ball of a frame counts, not only its best answer: answers are taken by falling score, and each takes the
    nearest label within the distance that no better answer of its frame took.
    """

    tolerances: Sequence[float] = TOLERANCES_PX
    labels: int = 0
    _scores: list[NDArray[np.floating]] = field(default_factory=list)
    _hits: list[NDArray[np.bool_]] = field(default_factory=list)

    def add(self, truth: Points, found: Points, scores: NDArray[np.floating]) -> None:
        """Take in a frame: labels [m, 2], answers [n, 2] and their scores [n]."""
        self.labels += len(truth)
        if not len(found):
            return
        order = np.argsort(-scores, kind="stable")
        away = np.hypot(*(found[order, None] - truth[None]).transpose(2, 0, 1))
        self._scores.append(scores[order])
        self._hits.append(np.stack([_taken(away, tolerance) for tolerance in self.tolerances]))

    def average_precisions(self) -> dict[float, float]:
        """Return the area under the precision-recall curve at each distance, 0 to 1; empty without a label."""
        if not self.labels:
            return {}
        if not self._scores:
            return dict.fromkeys(self.tolerances, 0.0)
        scores, hits = np.concatenate(self._scores), np.concatenate(self._hits, axis=1)
        order = np.argsort(-scores, kind="stable")
        return {
            tolerance: _area(row[order], scores[order], self.labels)
            for tolerance, row in zip(self.tolerances, hits, strict=True)
        }


def _taken(away: NDArray[np.floating], tolerance: float) -> NDArray[np.bool_]:
    """Return which answers, the best first, take a label; away: [answers, labels]."""
    away, hits = np.where(away <= tolerance, away, np.inf), np.zeros(len(away), np.bool_)
    for answer, distances in enumerate(away):
        if distances.size and np.isfinite(distances.min()):
            hits[answer] = True
            away[:, int(distances.argmin())] = np.inf
    return hits


def _area(hits: NDArray[np.bool_], scores: NDArray[np.floating], labels: int) -> float:
    """Return the area under the curve whose precision never rises with recall; equal scores are one step."""
    found = np.cumsum(hits)
    ends = np.flatnonzero(np.append(np.diff(scores) != 0, True))
    recall, precision = found[ends] / labels, found[ends] / (ends + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * best))
