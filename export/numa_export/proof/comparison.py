"""Comparing two predictors: callables from a batch to canonical outputs, whatever stands behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_export.proof.numbers import require_numbers
from numa_export.proof.parity_report import OutputError, ParityReport
from numa_export.proof.tolerance import Tolerance
from numa_runtime.golden.pairing import difference, pair
from numa_runtime.golden.rows import Rows, rows_of

Predictor = Callable[[NDArray[Any]], Mapping[str, NDArray[Any]]]

_STAND_INS = 50
_TIE = 1e-3


def compare(
    reference: Predictor,
    candidate: Predictor,
    batches: Iterable[NDArray[Any]],
    *,
    tolerance: Tolerance | None = None,
    note: str = "",
) -> ParityReport:
    """Run both on the same batches and compare their rows.

    A session's `run` is a predictor, and so is a torch network behind a small function. Rows are paired by
    place, best first, not by order. Where the reference sees nothing above `tolerance.min_score` in any image, its
    best rows are compared instead and the report says so.

    Args:
        reference: gives the answers that count.
        candidate: gives the answers to prove.
        batches: `[B, planes, H, W]` each.
        tolerance: limits of the proof.
        note: what the proof went through, for the report.

    Raises:
        ModelError: one of them gives NaN or infinity.
    """
    limits = tolerance or Tolerance()
    results: list[tuple[Rows, Rows]] = []
    images = 0
    for batch in batches:
        images += len(batch)
        results += _both(reference, candidate, batch)
    weak = not any((one.best > limits.min_score).any() for one, _ in results)
    tally = _Tally(limits)
    for one, two in results:
        tally.add(one, two, _floor(one, limits, weak))
    return ParityReport(
        images=images,
        expected=tally.expected,
        matched=tally.matched,
        extra=tally.extra,
        outputs=tally.outputs(),
        tolerance=limits,
        weak=weak and images > 0,
        note=note,
        tied=tally.tied,
    )


def _both(reference: Predictor, candidate: Predictor, batch: NDArray[Any]) -> Iterator[tuple[Rows, Rows]]:
    # A predictor's arrays may live until its next call, and both sides may be the same one: copy the first.
    expected = {name: np.array(values) for name, values in reference(batch).items()}
    require_numbers(expected, "the source")
    got = candidate(batch)
    require_numbers(got, "the artifact")
    for item in range(len(batch)):
        yield from zip(_owned(rows_of(expected, item)), _owned(rows_of(got, item)), strict=True)


def _owned(parts: list[Rows]) -> list[Rows]:
    return [part.select(np.arange(len(part))) for part in parts]


def _floor(rows: Rows, limits: Tolerance, weak: bool) -> float:
    """Return the score above which rows of this image count."""
    if not weak or not len(rows):
        return limits.min_score
    best = np.sort(rows.best)[::-1]
    return float(np.nextafter(best[min(_STAND_INS, len(best)) - 1], np.float32(-1)))


def _at_cut_off(rows: Rows, paired: NDArray[np.bool_], last: float) -> NDArray[np.bool_]:
    """Return which unpaired rows have the score of the last row that is kept, so that it is chance which were.

    An untrained network gives thousands of cells the same score, and each backend takes others of them. A trained
    one's last row has a score of nearly 0, so that nothing above `min_score` is excused.
    """
    at_last: NDArray[np.bool_] = np.abs(rows.best - np.float32(last)) <= _TIE
    return ~paired & at_last


class _Tally:
    """Errors and counts over all images."""

    def __init__(self, limits: Tolerance) -> None:
        self.limits = limits
        self.expected = self.matched = self.extra = self.tied = 0
        self._errors: dict[str, list[NDArray[np.float32]]] = {}

    def add(self, one: Rows, two: Rows, floor: float) -> None:
        """Count one image. Every row may be a partner, so that no row is lost by lying just below the floor.

        Where a row at the cut-off has no partner and the other side has another one at that place, the two are a tie
        that each side broke its own way: neither lost nor extra.
        """
        pairs = pair(one, two, iou=self.limits.iou)
        counts_one, counts_two = one.best > floor, two.best > floor
        paired_one, paired_two = np.zeros(len(one), bool), np.zeros(len(two), bool)
        paired_one[pairs.first] = paired_two[pairs.second] = True
        last = float(one.best.min()) if len(one) else math.inf
        lost, invented = counts_one & ~paired_one, counts_two & ~paired_two
        tie_one, tie_two = _at_cut_off(one, paired_one, last), _at_cut_off(two, paired_two, last)
        tied = min(int((lost & tie_one).sum()), int(tie_two.sum()))
        self.tied += tied
        self.expected += int(counts_one.sum()) - tied
        self.matched += int((counts_one & paired_one).sum())
        self.extra += int((invented & ~tie_two).sum()) + max(0, int((invented & tie_two).sum()) - tied)
        matters = counts_one[pairs.first] | counts_two[pairs.second]
        errors = difference(one, two, type(pairs)(pairs.first[matters], pairs.second[matters]))
        self._note(one.kind, errors.geometry)
        self._note("scores", errors.scores)
        if one.keypoints.shape[1]:
            self._note("keypoints", errors.keypoints)
            self._note("visibility", errors.visibility)
        if one.features is not None:
            self._note("features", errors.features)

    def outputs(self) -> tuple[OutputError, ...]:
        """Return the errors per output, in order of first appearance."""
        return tuple(self._output(name, np.concatenate(parts)) for name, parts in self._errors.items())

    def _note(self, name: str, errors: NDArray[np.float32]) -> None:
        self._errors.setdefault(name, []).append(errors)

    def _output(self, name: str, errors: NDArray[np.float32]) -> OutputError:
        limits = {
            "scores": self.limits.scores,
            "visibility": self.limits.scores,
            "keypoints": self.limits.keypoints_px,
            "features": self.limits.features,
        }
        means = dict.fromkeys(limits, math.inf) | {"keypoints": self.limits.keypoints_mean_px}
        unit = "" if name in ("scores", "visibility", "features") else "px"
        largest, mean = (float(errors.max()), float(errors.mean())) if errors.size else (0.0, 0.0)
        return OutputError(
            name,
            unit,
            largest,
            mean,
            limits.get(name, self.limits.geometry_px),
            means.get(name, self.limits.geometry_mean_px),
        )
