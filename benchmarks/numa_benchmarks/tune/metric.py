"""What is tuned for."""

from __future__ import annotations

from enum import StrEnum

from numa_benchmarks.metrics.mot import MotScores
from numa_runtime.errors import UsageError, nearest


class TuneMetric(StrEnum):
    """The figure to raise, under its key in `--json`."""

    HOTA = "hota"
    IDF1 = "idf1"
    MOTA = "mota"

    @classmethod
    def named(cls, word: str) -> TuneMetric:
        """Return the metric called `word`, in any case.

        Raises:
            UsageError: no such metric; the message names the known ones.
        """
        names = [metric.value for metric in cls]
        if word.lower() not in names:
            raise UsageError(
                f"there is no metric {word!r} to tune for{nearest(word.lower(), names)}",
                hint="--metric hota, idf1 or mota",
            )
        return cls(word.lower())

    @property
    def heading(self) -> str:
        """Return the name as tables print it."""
        return self.value.upper()

    def of(self, scores: MotScores) -> float:
        """Return this figure, in percent."""
        return float(getattr(scores, self.value))
