"""ParityReport: the numbers of a proof, in one line and as plain values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from numa_export.proof.tolerance import Tolerance


@dataclass(frozen=True, slots=True)
class OutputError:
    """Largest and mean absolute error of one output over matched rows, each with its limit; `unit` is "px" or ""."""

    name: str
    unit: str
    max: float
    mean: float
    limit: float
    mean_limit: float = math.inf

    @property
    def passed(self) -> bool:
        """Whether both errors are within their limits (NaN never is)."""
        return self.max <= self.limit and self.mean <= self.mean_limit

    def text(self) -> str:
        """Return, for example, "boxes 0.003 px max 2e-4 mean"."""
        return f"{self._worded(self.max)} max {number(self.mean)} mean"

    def failures(self) -> list[str]:
        """Return what is over its limit, in words."""
        pairs = (("max", self.max, self.limit), ("mean", self.mean, self.mean_limit))
        return [
            f"{self._worded(value)} {word} is over the limit of {number(limit)}"
            for word, value, limit in pairs
            if not value <= limit
        ]

    def _worded(self, value: float) -> str:
        return " ".join(filter(None, (self.name, number(value), self.unit)))


@dataclass(frozen=True, slots=True)
class ParityReport:
    """What comparing two predictors on the same images gave.

    Attributes:
        images: number of images.
        expected: rows of the reference that had a score that counts.
        matched: of them, rows that were found in the candidate.
        extra: rows of the candidate that have no counterpart.
        outputs: errors per output.
        tolerance: limits of the proof.
        weak: True where the reference saw nothing, so the best rows stood in.
        note: what the proof went through, when that is not the two things themselves.
        tied: rows that could not be compared, because it is chance which of many equal candidates is kept.
    """

    images: int
    expected: int
    matched: int
    extra: int
    outputs: tuple[OutputError, ...]
    tolerance: Tolerance
    weak: bool = False
    note: str = ""
    tied: int = 0

    @property
    def share(self) -> float:
        """Share of rows that both sides agree on, 0-1."""
        total = self.expected + self.extra
        return self.matched / total if total else 0.0

    @property
    def passed(self) -> bool:
        """Whether there was anything to compare, enough of it matched, and every error is within its limit."""
        return self.expected > 0 and self.share >= self.tolerance.share and all(part.passed for part in self.outputs)

    def lines(self) -> list[str]:
        """Return the proof line, and one more for each thing that is out of tolerance."""
        counts = f"{self.matched} of {self.expected} matched on {self.images} image{'s' if self.images != 1 else ''}"
        note = f" ({self.note})" if self.note else ""
        lines = [f"proof  {', '.join([*(part.text() for part in self.outputs), counts])}{note}"]
        if self.weak:
            lines.append("       nothing was seen in these images: the best candidates were compared instead")
        if self.tied:
            lines.append(f"       {self.tied} more tie with others, so it is chance which are kept: not compared")
        return lines + [f"       {reason}" for reason in self.failures()]

    def failures(self) -> list[str]:
        """Return what is out of tolerance, in words; empty when the proof holds."""
        reasons = []
        if not self.expected:
            why = "the network answers alike whatever it sees" if self.tied else "give images that show something"
            reasons.append(f"there was nothing to compare: {why}")
        elif self.share < self.tolerance.share:
            extra = f", {self.extra} extra" if self.extra else ""
            reasons.append(
                f"{self.matched} of {self.expected} rows matched{extra}: at least {self.tolerance.share:.0%} must"
            )
        return reasons + [reason for part in self.outputs for reason in part.failures()]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, units in the keys."""
        errors: dict[str, float] = {}
        for part in self.outputs:
            unit = f"_{part.unit}" if part.unit else ""
            word = _SINGULAR.get(part.name, part.name)
            errors[f"max_{word}_error{unit}"] = part.max
            errors[f"mean_{word}_error{unit}"] = part.mean
        return {
            "passed": self.passed,
            "images": self.images,
            "expected": self.expected,
            "matched": self.matched,
            "extra": self.extra,
            "tied": self.tied,
            **errors,
            "note": self.note,
        }


_SINGULAR = {"boxes": "box", "balls": "ball", "scores": "score", "keypoints": "keypoint", "features": "feature"}


def number(value: float) -> str:
    """Return a number as a reader wants it: 0.003, 4e-4, 0."""
    if math.isnan(value):
        return "NaN"
    if value >= 0.001 or value == 0:
        return f"{value:.3f}".rstrip("0").rstrip(".") if value else "0"
    return f"{value:.0e}".replace("e-0", "e-")
