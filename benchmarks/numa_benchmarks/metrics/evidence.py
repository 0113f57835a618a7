"""Whether one tracker is better than another, or was only lucky with the sequences: bootstrap and permutation.

Sequences are drawn, never frames, which would tear identities apart; both trackers get the same draw; counts are added
up before they are divided. The interval is BCa (Efron, "Better Bootstrap Confidence Intervals", JASA 1987) with 10,000
draws, the p value that of swapping the two trackers in every set of sequences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.metrics.mot_counts import FIGURES, Counts, figure
from numa_runtime.errors import MissingExtra

LEAST = 3
"""Sequences that an interval needs."""
FEW = 10
"""With fewer sequences an interval comes out too short: there are too few different draws."""
_EXACT = 15
_DRAWS = 10_000
_COPIES = re.compile(r"-(DPM|FRCNN|SDP)$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one figure differs on the same sequences; points are percent points.

    Attributes:
        metric: hota, mota or idf1.
        difference: after minus before, all sequences together.
        better: the sequences on which it is higher after.
        sequences: how many there are; MOT17's copies for three detectors are one.
        interval: where the difference lies with 95 % confidence; None: too few sequences.
        p: how often a difference this large comes without a cause, two-sided; None: too few sequences.
    """

    metric: str
    difference: float
    better: int
    sequences: int
    interval: tuple[float, float] | None
    p: float | None

    def line(self) -> str:
        """Return "HOTA better on 6 of 7, +1.10 [+0.40, +1.90], p 0.031"."""
        text = f"{self.metric.upper()} better on {self.better} of {self.sequences}, {self.difference:+.2f}"
        if self.interval is None or self.p is None:
            return text
        low, high = self.interval
        return f"{text} [{low:+.2f}, {high:+.2f}], p {self.p:.3f}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        low, high = (None, None) if self.interval is None else self.interval
        return {
            "metric": self.metric,
            "difference_points": self.difference,
            "low_points": low,
            "high_points": high,
            "p": self.p,
            "better": self.better,
            "sequences": self.sequences,
        }


def compare(before: Mapping[str, Counts], after: Mapping[str, Counts]) -> tuple[Evidence, ...]:
    """Return the evidence for hota, mota and idf1 on the sequences that both have.

    Args:
        before: the counts of each sequence, by name.
        after: the same of what may be better.
    """
    names = [name for name in before if name in after]
    one, two = _units(before, names), _units(after, names)
    return tuple(_evidence(metric, one, two) for metric in FIGURES)


def caution(sequences: int) -> str:
    """Return what to keep in mind with so few sequences, "" with enough."""
    if sequences < LEAST:
        return f"{sequences} of {LEAST} sequences that an interval needs"
    return f"with {sequences} sequences such intervals are somewhat too short" if sequences < FEW else ""


def _units(counts: Mapping[str, Counts], names: list[str]) -> Counts:
    """Return (n, 83), one row for all copies of a sequence."""
    rows: dict[str, Counts] = {}
    for name in names:
        unit = _COPIES.sub("", name)
        rows[unit] = rows[unit] + counts[name] if unit in rows else counts[name]
    return np.array(list(rows.values()), np.float64).reshape(len(rows), -1)


def _evidence(metric: str, before: Counts, after: Counts) -> Evidence:
    count = len(before)
    own = figure(metric, after) - figure(metric, before)
    difference = float(figure(metric, after.sum(axis=0)) - figure(metric, before.sum(axis=0)))
    interval = p = None
    if count >= LEAST:
        interval, p = _interval(metric, before, after, difference), _p(metric, before, after)
    return Evidence(metric, difference, int((own > 0).sum()), count, interval, p)


def _interval(metric: str, before: Counts, after: Counts, difference: float) -> tuple[float, float]:
    def statistic(index: NDArray[np.int64], axis: int = -1) -> NDArray[np.float64]:
        drawn = np.moveaxis(index, axis, -1)
        return figure(metric, after[drawn].sum(axis=-2)) - figure(metric, before[drawn].sum(axis=-2))

    count = len(before)
    without = np.array([statistic(np.delete(np.arange(count), row)) for row in range(count)])
    if np.ptp(without) < 1e-12:  # the same on all of them: every draw gives it
        return difference, difference
    found = _stats().bootstrap(
        (np.arange(count),), statistic, n_resamples=_DRAWS, batch=1000, vectorized=True, rng=np.random.default_rng(0)
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def _p(metric: str, before: Counts, after: Counts) -> float:
    both, count = np.concatenate([before, after]), len(before)

    def statistic(one: NDArray[np.int64], two: NDArray[np.int64], axis: int = -1) -> NDArray[np.float64]:
        first, second = (both[np.moveaxis(index, axis, -1)].sum(axis=-2) for index in (one, two))
        return figure(metric, second) - figure(metric, first)

    found = _stats().permutation_test(
        (np.arange(count), np.arange(count) + count),
        statistic,
        permutation_type="samples",
        n_resamples=2**_EXACT if count <= _EXACT else _DRAWS,
        batch=1000,
        vectorized=True,
        rng=np.random.default_rng(0),
    )
    return float(found.pvalue)


def _stats() -> Any:
    try:
        from scipy import stats
    except ImportError as error:
        raise MissingExtra("comparing trackers", "scipy", "eval") from error
    return stats
