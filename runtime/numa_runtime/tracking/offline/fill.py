"""How gaps are filled: a word of the options, which load no numpy."""

from __future__ import annotations

from numa_runtime.errors import TrackerError
from numa_runtime.words import Word


class Fill(Word, refusal="fill={word} is unknown{close}", hint="use {words}", error=TrackerError):
    """How gaps are filled: along a straight line, or smoothed by a Gaussian process after that."""

    LINEAR = "linear"
    GAUSSIAN = "gaussian"
