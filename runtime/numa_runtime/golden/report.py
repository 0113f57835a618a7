"""GoldenReport: what a check found, in a line or two and as plain values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    """One number against its limit.

    Attributes:
        name: what was measured.
        value: the number.
        limit: the largest value that passes.
        unit: "px", "" for scores, "relative" for the mean score and for class scores.
        where: what it is the error of, where that has a name.
    """

    name: str
    value: float
    limit: float
    unit: str = ""
    where: str = ""

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
        changes: what was changed in the contract since the file was proved, a phrase each.
        version: the sample's format version.
        pictures: how many pictures the sample has.
        unseen: what this sample cannot notice, a phrase each.
    """

    expected: int
    matched: int
    share: float
    measured: tuple[Measured, ...]
    made_by: str = ""
    changes: tuple[str, ...] = ()
    version: int = 2
    pictures: int = 1
    unseen: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the contract is unchanged, enough rows were found again and every error is within its limit."""
        found = self.matched >= self.share * self.expected
        return found and not self.changes and all(number.passed for number in self.measured)

    def lines(self) -> list[str]:
        """Return the report in one line, and one more for each thing out of tolerance or out of sight."""
        worst = ", ".join(f"{number.name} {_text(number)} max" for number in self.measured if number.unit != "relative")
        pictures = f" in {self.pictures} pictures" if self.pictures > 1 else ""
        verdict = "ok" if self.passed else "FAILED"
        lines = [f"golden {verdict}: {self.matched} of {self.expected} rows found again{pictures}, {worst}"]
        lines += [f"       the contract was changed since the file was proved: {change}" for change in self.changes]
        if self.matched < self.share * self.expected:
            lines.append(f"       at least {self.share:.0%} of the rows must be found again")
        lines += [
            f"       {number.name} {_text(number)} is over the limit of {_limit(number)}{number.where}"
            for number in self.measured
            if not number.passed
        ]
        if self.unseen:
            lines.append(f"       (sample version {self.version}; it cannot see {'; '.join(self.unseen)})")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, units in the keys; null where an error is not a number."""
        return {
            "passed": self.passed,
            "version": self.version,
            "pictures": self.pictures,
            "expected": self.expected,
            "matched": self.matched,
            "made_by": self.made_by,
            "contract_changes": list(self.changes),
            "unseen": list(self.unseen),
            **{_key(number): number.value if math.isfinite(number.value) else None for number in self.measured},
            **{f"{_key(number)}_limit": number.limit for number in self.measured},
        }


def _key(number: Measured) -> str:
    suffix = {"px": "_px", "relative": "_relative", "": ""}[number.unit]
    return f"max_{number.name.replace(' ', '_')}_error{suffix}"


def _text(number: Measured) -> str:
    if number.unit == "relative":
        return f"{number.value:.1%} off" if number.value < 2 else f"off by a factor of {number.value + 1:.0f}"
    return f"{_number(number.value)} {number.unit}".strip()


def _limit(number: Measured) -> str:
    return f"{number.limit:.1%}" if number.unit == "relative" else _number(number.limit)


def _number(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else f"{value:.0e}" if value else "0"
