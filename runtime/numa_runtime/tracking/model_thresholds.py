"""A tracker's thresholds that a model's contract brings along, where nobody said otherwise.

The order, name by name: the user's word, the user's YAML, the model's contract, the tracker's own default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from numa_runtime.tracking.config import TrackerConfig, read_config
from numa_runtime.tracking.params import known_names

_HIGH, _LOW, _NEW, _MATCH = "track_high_thresh", "track_low_thresh", "new_track_thresh", "match_thresh"
ORIGIN = "from the model's contract"
"""What is said of such a threshold."""


def model_thresholds(
    tracker: str | Path, suits: Mapping[str, float], given: Mapping[str, Any] | None = None
) -> dict[str, float]:
    """Return the thresholds that a tracker takes from a model, by name.

    `match_thresh` counts for costs that take the score in (`fuse_score`): elsewhere it is a matter of overlap alone,
    which is the tracker's. Whoever asks for births below the model's thresholds, by `birth_conf` (track mode's `conf`)
    or `new_track_thresh`, gets them: both thresholds of high detections give way as far as that, and never below the
    tracker's own.

    Args:
        tracker: a name, or the user's YAML.
        suits: what the contract says, `contract.Thresholds.tracking`.
        given: parameters that the user gave by name, not judged yet.

    Raises:
        TrackerError: an unknown tracker, or a YAML that cannot be read.
    """
    if not suits:
        return {}
    config, words = read_config(tracker), dict(given or {})
    usual = _usual(config)
    said = {**(config.values if config.own else {}), **words}
    names = {name for name in known_names(config.params_type) if name not in said}
    if not {**usual, **words}.get("fuse_score"):
        names.discard(_MATCH)
    found = {name: value for name, value in suits.items() if name in names}
    asked = [value for value in map(said.get, ("birth_conf", _NEW)) if _is_number(value)]
    for name in (_HIGH, _NEW):
        if asked and name in found:
            found[name] = min(found[name], max(*asked, usual[name]))
    high = found.get(_HIGH, {**usual, **words}[_HIGH])
    if _LOW in found and _is_number(high) and found[_LOW] >= high:
        del found[_LOW]  # a low band that the model's scores fill and the user's words leave no room for
    return found


def said_of(thresholds: Mapping[str, float]) -> str:
    """Return "track_high_thresh 0.5, match_thresh 0.8 from the model's contract"."""
    return f"{', '.join(f'{name} {value:g}' for name, value in thresholds.items())} {ORIGIN}"


def _usual(config: TrackerConfig) -> dict[str, Any]:
    """Return the values without a model and without words."""
    return {**{each.name: each.default for each in fields(config.params_type)}, **config.values}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
