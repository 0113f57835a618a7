"""What is tuned for."""

from __future__ import annotations

from numa_benchmarks.metrics.mot import MotScores
from numa_runtime.words import Word


class TuneMetric(Word, refusal="there is no metric {word} to tune for{close}", hint="--metric {words}"):
    """The figure to raise, under its key in `--json`."""

    HOTA = "hota"
    IDF1 = "idf1"
    MOTA = "mota"

    @property
    def heading(self) -> str:
        """Return the name as tables print it."""
        return self.value.upper()

    def of(self, scores: MotScores) -> float:
        """Return this figure, in percent."""
        return float(getattr(scores, self.value))
