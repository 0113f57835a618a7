"""Recomputing a golden sample: `numa-deploy check FILE`, on any backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import ContractError
from numa_runtime.golden.making import Runner
from numa_runtime.golden.pairing import difference, pair
from numa_runtime.golden.rows import Rows, rows_of
from numa_runtime.golden.sample import Expected, GoldenSample
from numa_runtime.golden.tolerance import GoldenTolerance


@dataclass(frozen=True, slots=True)
class Measured:
    """One number against its limit.

    Attributes:
        name: what was measured.
        value: the number.
        limit: the largest value that passes.
        unit: "px", "" for scores, "relative" for the mean score.
    """

    name: str
    value: float
    limit: float
    unit: str = ""

    @property
    def passed(self) -> bool:
        """Whether the value is within the limit (NaN never is)."""
        return self.value <= self.limit


@dataclass(frozen=True, slots=True)
class GoldenReport:
    """What a check found, and the verdict.

    Attributes:
        expected: rows stored in the sample.
        matched: rows found again.
        share: the share of rows that must be found again.
        measured: the largest errors.
        made_by: the backend that gave the recorded answers.
    """

    expected: int
    matched: int
    share: float
    measured: tuple[Measured, ...]
    made_by: str = ""

    @property
    def passed(self) -> bool:
        """Whether enough rows were found again and every error is within its limit."""
        return self.matched >= self.share * self.expected and all(number.passed for number in self.measured)

    def lines(self) -> list[str]:
        """Return the report in one line, and one more for each number out of tolerance."""
        worst = ", ".join(f"{number.name} {_text(number)} max" for number in self.measured if number.unit != "relative")
        verdict = "ok" if self.passed else "FAILED"
        lines = [f"golden {verdict}: {self.matched} of {self.expected} rows found again, {worst}"]
        if self.matched < self.share * self.expected:
            lines.append(f"       at least {self.share:.0%} of the rows must be found again")
        lines += [
            f"       {number.name} {_text(number)} is over the limit of {_number(number.limit)}"
            for number in self.measured
            if not number.passed
        ]
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, units in the keys."""
        return {
            "passed": self.passed,
            "expected": self.expected,
            "matched": self.matched,
            "made_by": self.made_by,
            **{_key(number): number.value for number in self.measured},
            **{f"{_key(number)}_limit": number.limit for number in self.measured},
        }


def check_session(session: Runner) -> GoldenReport:
    """Recompute the golden sample that the session's artifact carries.

    Raises:
        ContractError: the artifact carries none, or a damaged one.
    """
    text = session.golden
    if text is None:
        raise ContractError(
            "the artifact carries no golden sample, so there is nothing to recompute",
            hint="numa-deploy export and numa-deploy adopt write artifacts that have one",
        )
    return check_sample(session, GoldenSample.from_text(text))


def check_sample(session: Runner, sample: GoldenSample) -> GoldenReport:
    """Recompute a sample in a session and compare, for every batch element."""
    batch = sample.batch(session.spec.input)
    outputs = session.run(batch)
    parts: list[_Part] = []
    for item in range(len(batch)):
        parts += _compare(sample, outputs, item)
    return GoldenReport(
        expected=sum(part.expected for part in parts),
        matched=sum(part.matched for part in parts),
        share=sample.tolerance.share,
        measured=_worst([number for part in parts for number in part.measured]),
        made_by=sample.backend,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    expected: int
    matched: int
    measured: tuple[Measured, ...]


def _compare(sample: GoldenSample, outputs: Mapping[str, NDArray[Any]], item: int) -> list[_Part]:
    found = {rows.kind: rows for rows in rows_of(outputs, item)}
    missing = [part.kind for part in sample.expected if part.kind not in found]
    if missing:
        raise ContractError(f"the golden sample expects {missing[0]}, which the artifact does not give")
    return [_compare_kind(part, found[part.kind], sample.tolerance) for part in sample.expected]


def _compare_kind(part: Expected, found: Rows, limits: GoldenTolerance) -> _Part:
    expected = part.to_rows()
    got = Rows(found.kind, found.geometry, found.best[:, None], found.classes, found.keypoints, found.frame)
    pairs = pair(expected, got, iou=limits.iou)
    errors = difference(expected, got, pairs)
    mean = float(found.best.mean()) if len(found) else 0.0
    measured = [
        Measured(part.kind, _max(errors.geometry), limits.geometry_px, "px"),
        Measured("scores", _max(errors.scores), limits.scores),
        Measured("mean score", abs(mean - part.mean_score) / max(part.mean_score, 1e-6), limits.mean_score, "relative"),
    ]
    if part.keypoints:
        measured.append(Measured("keypoints", _max(errors.keypoints), limits.keypoints_px, "px"))
    return _Part(len(expected), len(pairs.first), tuple(measured))


def _worst(numbers: list[Measured]) -> tuple[Measured, ...]:
    """Return one number per name: the largest, NaN first."""
    worst: dict[str, Measured] = {}
    for number in numbers:
        before = worst.get(number.name)
        if before is None or not number.value <= before.value:
            worst[number.name] = number
    return tuple(worst.values())


def _max(errors: NDArray[np.float32]) -> float:
    return float(errors.max()) if errors.size else 0.0


def _key(number: Measured) -> str:
    suffix = {"px": "_px", "relative": "_relative", "": ""}[number.unit]
    return f"max_{number.name.replace(' ', '_')}_error{suffix}"


def _text(number: Measured) -> str:
    if number.unit == "relative":
        return f"{number.value:.1%} off"
    return f"{_number(number.value)} {number.unit}".strip()


def _number(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else f"{value:.0e}" if value else "0"
