"""Precision and recall at the score limit with the best F1, as validation tables print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

LIMITS = np.linspace(0.0, 1.0, 1001)
"""Scores at which precision and recall are counted."""

RECALLS = np.linspace(0.0, 1.0, 101)
"""Recalls at which precision is interpolated."""


@dataclass(frozen=True, slots=True)
class Hits:
    """One class's detections of all images that count, in any order: scores (n,), right (n,); and labels to find."""

    scores: Float
    right: Bool
    labels: int


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Class means, and each class's precision and recall (classes,), at one score limit."""

    confidence: float
    precision: float
    recall: float
    class_precision: Float
    class_recall: Float


def match(overlap: Float, ignored: Bool, crowd: Bool, limit: float = 0.5) -> tuple[Bool, Bool]:
    """Pair detections with labels as COCO does: best score first, each takes the best label still free.

    Args:
        overlap: (n, m) IoU or OKS, rows by falling score.
        ignored: (m,) labels that do not count.
        crowd: (m,) labels that any number of detections may fall on (always ignored).
        limit: overlap from which a detection may take a label.

    Returns:
        right (n,): took a label that counts; void (n,): fell on an ignored one, so it does not count at all.
    """
    right, void = np.zeros(len(overlap), np.bool_), np.zeros(len(overlap), np.bool_)
    free = np.ones(len(ignored), np.bool_)
    for row in np.flatnonzero((overlap >= limit).any(axis=1)):
        values = overlap[row]
        for wanted, outcome in ((~ignored, right), (ignored, void)):
            open_to = np.flatnonzero(wanted & (free | crowd) & (values >= limit))
            if len(open_to):
                # Of equal overlaps COCO takes the later label.
                best = open_to[::-1][np.argmax(values[open_to[::-1]])]
                free[best] = False
                outcome[row] = True
                break
    return right, void


def best_operating_point(classes: Sequence[Hits]) -> OperatingPoint:
    """Return the limit at which the classes' mean F1 is best, on a grid of 0.001.

    A class has precision 1 where no detection is left above the limit, and 0 when it has none at all.
    """
    curves = [score_curves(hits) for hits in classes]
    precision = np.array([curve[0] for curve in curves]).reshape(-1, len(LIMITS))
    recall = np.array([curve[1] for curve in curves]).reshape(-1, len(LIMITS))
    f1 = f1_of(precision, recall)
    best = int(np.argmax(f1.mean(axis=0))) if len(f1) else 0
    at_precision, at_recall = precision[:, best], recall[:, best]
    return OperatingPoint(float(LIMITS[best]), _mean(at_precision), _mean(at_recall), at_precision, at_recall)


def f1_of(precision: Float, recall: Float) -> Float:
    """Return the harmonic mean of each pair, 0 where both are 0."""
    total = precision + recall
    return np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)


def precision_over_recall(hits: Hits) -> Float:
    """Return one class's precision at 101 recalls from 0 to 1, made to fall only, 0 where no score reaches that recall.

    As COCO interpolates (https://cocodataset.org/#detection-eval); the mean is the class's AP at that overlap.
    """
    right = np.cumsum(hits.right[np.argsort(-hits.scores, kind="stable")])
    if not len(right) or not hits.labels:
        return np.zeros(len(RECALLS))
    best = np.maximum.accumulate((right / np.arange(1, len(right) + 1))[::-1])[::-1]
    at = np.searchsorted(right / hits.labels, RECALLS, side="left")
    return np.where(at < len(best), best[at.clip(max=len(best) - 1)], 0.0)


def score_curves(hits: Hits) -> tuple[Float, Float]:
    """Return precision and recall at each of `LIMITS`; a detection counts when its score reaches the limit."""
    if not len(hits.scores):
        return np.zeros(len(LIMITS)), np.zeros(len(LIMITS))
    order = np.argsort(-hits.scores, kind="stable")
    found = np.concatenate([[0], np.cumsum(hits.right[order])])
    above = np.searchsorted(-hits.scores[order], -LIMITS, side="right")
    precision = np.where(above > 0, found[above] / np.maximum(above, 1), 1.0)
    return precision, found[above] / max(hits.labels, 1)


def _mean(values: Float) -> float:
    return float(values.mean()) if len(values) else 0.0
