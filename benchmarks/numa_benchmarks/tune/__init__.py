"""Tuning: a tracker's parameters, searched on the user's labelled clips, and checked on clips not seen.

`tune` is imported late: it loads numba, TrackEval and optuna.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_benchmarks.tune.folders import open_sequences
    from numa_benchmarks.tune.sequence import TuneSequence
    from numa_benchmarks.tune.tune_report import TuneReport
    from numa_benchmarks.tune.tune_run import tune

__all__ = ["TuneReport", "TuneSequence", "open_sequences", "tune"]

_HOMES = {"TuneReport": "tune_report", "TuneSequence": "sequence", "open_sequences": "folders", "tune": "tune_run"}

__getattr__, __dir__ = lazy(__name__, _HOMES, need="tuning a tracker", modules=("optuna", "trackeval", "scipy"))
