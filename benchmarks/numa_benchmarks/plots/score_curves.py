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
from numa_benchmarks.plots.chart import MEAN, Chart, Floats, Line, color_of

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
    files = [_save_precision_over_recall(classes, names, head, folder)]
    for short, (said, curve) in _OVER_SCORE.items():
        values = {number: curve(hits) for number, hits in classes.items()}
        mean = np.mean(list(values.values()), axis=0)
        best = int(np.argmax(mean))
        lines = [Line(f"{names[number]} {ys.max():.3f}", LIMITS, ys, color_of(number)) for number, ys in values.items()]
        lines.append(Line(f"mean of classes {mean[best]:.3f} at {LIMITS[best]:.3f}", LIMITS, mean, MEAN, 2))
        chart = Chart(f"{head}: {said} over the score", "score", said, lines)
        files.append(chart.save(folder / f"{head}{short}_curve.png"))
    return files


def _save_precision_over_recall(classes: Mapping[int, Hits], names: Sequence[str], head: str, folder: Path) -> Path:
    values = {number: precision_over_recall(hits) for number, hits in classes.items()}
    mean = np.mean(list(values.values()), axis=0)
    lines = [Line(f"{names[number]} {ys.mean():.3f}", RECALLS, ys, color_of(number)) for number, ys in values.items()]
    lines.append(Line(f"mean of classes {mean.mean():.3f}", RECALLS, mean, MEAN, 2))
    chart = Chart(f"{head}: precision over recall, AP at 0.50 beside", "recall", "precision", lines)
    return chart.save(folder / f"{head}PR_curve.png")
