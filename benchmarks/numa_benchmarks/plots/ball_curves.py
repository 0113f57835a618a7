"""Balls: precision, recall and F1 over the score, accuracy and F1 over the tolerance, right and wrong scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.metrics.seen import BallAnswers
from numa_benchmarks.plots.chart import Chart, Floats, Line, color_of
from numa_benchmarks.plots.score_histogram import save_score_histogram

FARTHEST = 20.0
"""End of the axis of tolerances, pixels of the input."""

_NAMES = ("precision", "recall", "F1")
_SCORES = np.linspace(0, 1, 201)
_TOLERANCES = np.linspace(0, FARTHEST, 81)


def save_ball_curves(answers: BallAnswers, conf: float, tolerance_px: float, folder: Path) -> list[Path]:
    """Write BallPR_curve.png, BallF1_curve.png, BallTolerance_curve.png and Ball_scores.png, and return their paths.

    Args:
        answers: each frame's best ball.
        conf: score from which it is an answer.
        tolerance_px: distance that still counts, pixels of the input.
        folder: which is there already.

    Raises:
        SinkError: they cannot be written.
    """
    over_score = np.array([answers.ratios(score, tolerance_px) for score in _SCORES.tolist()])
    answered = answers.score.max(initial=0) >= _SCORES  # without an answer there is no precision
    lines = _over_score(over_score, answered)
    title = f"Ball: precision, recall and F1 over the score, within {tolerance_px:g} px"
    files = [Chart(title, "score", "ratio", lines).save(folder / "BallF1_curve.png")]
    files.append(_save_precision_over_recall(over_score[answered], tolerance_px, folder))
    over_tolerance = np.array([answers.ratios(conf, tolerance) for tolerance in _TOLERANCES.tolist()])
    lines = [
        Line(name, _TOLERANCES, over_tolerance[:, at], color_of(at)) for at, name in enumerate((*_NAMES, "accuracy"))
    ]
    title = f"Ball: figures over the tolerance, at score {conf:g}"
    chart = Chart(title, "tolerance, pixels of the input", "ratio", lines, right=FARTHEST)
    files.append(chart.save(folder / "BallTolerance_curve.png"))
    given = answers.score > 0
    right = answers.there & (answers.away <= tolerance_px)
    title = f"Ball: scores of right and wrong answers, within {tolerance_px:g} px"
    files.append(save_score_histogram(answers.score[given], right[given], title, folder / "Ball_scores.png"))
    return files


def _over_score(figures: Floats, answered: NDArray[np.bool_]) -> list[Line]:
    """Return precision where there is an answer at all, recall, and F1 with the highest score at which it is best."""
    best = len(figures) - 1 - int(np.argmax(figures[::-1, 2]))
    said = (*_NAMES[:2], f"F1, best {figures[best, 2]:.3f} at {_SCORES[best]:.3f}")
    lines = [Line(said[0], _SCORES[answered], figures[answered, 0], color_of(0))]
    return lines + [Line(said[at], _SCORES, figures[:, at], color_of(at), at) for at in (1, 2)]


def _save_precision_over_recall(answered: Floats, tolerance_px: float, folder: Path) -> Path:
    """Draw what each score gives as a place."""
    order = np.argsort(answered[:, 1], kind="stable")
    lines = [Line("", answered[order, 1], answered[order, 0], color_of(0), 2)] if len(answered) else []
    title = f"Ball: precision over recall as the score falls, within {tolerance_px:g} px"
    return Chart(title, "recall", "precision", lines).save(folder / "BallPR_curve.png")
