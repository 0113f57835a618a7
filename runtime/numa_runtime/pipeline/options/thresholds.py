"""Where a tracker's thresholds come from."""

from __future__ import annotations

from numa_runtime.words import Word


class Thresholds(Word, refusal="there is no way {word} to set thresholds{close}", hint="--thresholds {words}"):
    """Where a tracker's thresholds come from: its YAML and the words given, or the detector's own scores."""

    GIVEN = "given"
    AUTO = "auto"
