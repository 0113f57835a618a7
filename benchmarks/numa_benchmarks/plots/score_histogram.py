"""How high right answers score, and how high wrong ones: where they part, a threshold belongs."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.metrics.operating_point import Hits
from numa_benchmarks.plots.chart import Chart, Color, Line

BINS = 50
RIGHT: Color = (44, 160, 44)
WRONG: Color = (40, 39, 214)


def save_hit_histogram(classes: Iterable[Hits], title: str, path: Path) -> Path:
    """Write the histogram of all classes' scores together."""
    every = list(classes)
    scores = np.concatenate([np.zeros(0), *(hits.scores for hits in every)])
    right = np.concatenate([np.zeros(0, np.bool_), *(hits.right for hits in every)])
    return save_score_histogram(scores, right, title, path)


def save_score_histogram(scores: NDArray[np.float64], right: NDArray[np.bool_], title: str, path: Path) -> Path:
    """Write a .png of how many answers have which score; the height is logarithmic, for wrong ones are many at 0.

    Args:
        scores: (n,), 0-1.
        right: (n,), whether each is a true positive.
        title: above.
        path: a .png.

    Raises:
        SinkError: it cannot be written.
    """
    edges = np.linspace(0, 1, BINS + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    counts = {name: np.histogram(scores[mask], edges)[0] for name, mask in (("false", ~right), ("true", right))}
    heights = {name: np.log10(1 + count) for name, count in counts.items()}
    top = max(1, *(ceil(height.max()) for height in heights.values()))
    lines = [
        Line(f"{name} positives {counts[name].sum():,}", middles, heights[name], color, filled=True)
        for name, color in (("false", WRONG), ("true", RIGHT))
    ]
    return Chart(title, "score", "log10(1 + answers)", lines, top=top, marks=top).save(path)
