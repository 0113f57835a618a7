"""Two sets of tracking results on the same sequences: the figures of one, and whether it is better than the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.metrics.evidence import Evidence, caution, compare
from numa_benchmarks.metrics.mot import MotReport


@dataclass(frozen=True, slots=True)
class MotComparison:
    """A report beside another one.

    Attributes:
        report: of the results that may be better.
        other: of those they are compared with.
        name: what the others are called.

    Raises:
        DataError: they have no sequence in common.
    """

    report: MotReport
    other: MotReport
    name: str

    def __post_init__(self) -> None:
        if not self.shared:
            raise DataError(f"{self.name} has results of no sequence that --results has", hint="compare the same data")

    @property
    def shared(self) -> list[str]:
        """The sequences that both have."""
        return [name for name in self.report.counts if name in self.other.counts]

    @property
    def complete(self) -> bool:
        """Whether nothing was left out that is wrong."""
        return self.report.complete and self.other.complete

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """How hota, mota and idf1 differ."""
        return compare(self.other.counts, self.report.counts)

    def lines(self, width: int | None = None) -> list[str]:
        """Return the report's lines, then the comparison's."""
        found = self.evidence
        apart = set(self.report.counts) ^ set(self.other.counts)
        some = f", without {', '.join(sorted(apart))}, which only one has" if apart else ""
        lines = [*self.report.lines(width), "", f"compared with {self.name}{some}:"]
        lines += [evidence.line() for evidence in found]
        said = caution(found[0].sequences)
        return lines + ([said] if said else [])

    def to_dict(self) -> dict[str, Any]:
        """Return the report's values, those of the other report, and the evidence."""
        found = [evidence.to_dict() for evidence in self.evidence]
        return {**self.report.to_dict(), "compared_with": self.name, "other": self.other.to_dict(), "evidence": found}
