"""Precision over recall, and precision, recall and F1 over the score: a line a class, and their mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from numa_benchmarks.metrics.operating_point import (
    LIMITS,
    RECALLS,
    Hits,
    f1_of,
    precision_over_recall,
    score_curves,
)
from numa_benchmarks.plots.chart import FAINT, MEAN, Chart, Floats, Line, color_of

COLORED = 10
"""Most classes whose lines have colours of their own."""

Curve = Callable[[Hits], Floats]

_OVER_SCORE: dict[str, tuple[str, Curve]] = {
    "F1": ("F1", lambda hits: f1_of(*score_curves(hits))),
    "P": ("precision", lambda hits: score_curves(hits)[0]),
    "R": ("recall", lambda hits: score_curves(hits)[1]),
}


def save_score_curves(classes: Mapping[int, Hits], names: Sequence[str], head: str, folder: Path) -> list[Path]:
    """Write HEADPR_curve.png, HEADF1_curve.png, HEADP_curve.png and HEADR_curve.png, and return their paths.

    Args:
        classes: by number, what was right at an overlap of 0.50.
        names: of the classes.
        head: "Box" or "Pose".
        folder: which is there already.

    Raises:
        SinkError: they cannot be written.
    """
    over_recall = {number: precision_over_recall(hits) for number, hits in classes.items()}
    ap = {number: float(ys.mean()) for number, ys in over_recall.items()}
    lines = _lines(RECALLS, over_recall, ap, names, f"mean of classes {np.mean(list(ap.values())):.3f}")
    chart = Chart(f"{head}: precision over recall; AP at 0.50 beside", "recall", "precision", lines)
    files = [chart.save(folder / f"{head}PR_curve.png")]
    for short, (said, curve) in _OVER_SCORE.items():
        values = {number: curve(hits) for number, hits in classes.items()}
        mean = np.mean(list(values.values()), axis=0)
        best = int(np.argmax(mean))
        highest = {number: float(ys.max()) for number, ys in values.items()}
        lines = _lines(LIMITS, values, highest, names, f"mean of classes {mean[best]:.3f} at {LIMITS[best]:.3f}")
        chart = Chart(f"{head}: {said} over the score; the highest beside", "score", said, lines)
        files.append(chart.save(folder / f"{head}{short}_curve.png"))
    return files


def _lines(
    xs: Floats, values: Mapping[int, Floats], figures: Mapping[int, float], names: Sequence[str], mean: str
) -> list[Line]:
    """Return a line a class, the lowest figure first in the legend, and the mean; many classes are grey together."""
    few = len(values) <= COLORED
    order = sorted(values, key=lambda number: -figures[number])
    lines = [
        Line(f"{names[number]} {figures[number]:.3f}", xs, values[number], color_of(at) if few else FAINT)
        for at, number in enumerate(order)
    ]
    return [*lines, Line(mean, xs, np.mean(list(values.values()), axis=0), MEAN, 2)]
