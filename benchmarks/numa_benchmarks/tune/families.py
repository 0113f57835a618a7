"""The one family of figures a search needs, measured per clip and joined over clips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numa_benchmarks.tune.metric import TuneMetric
from numa_benchmarks.tune.quick_hota import hota, hota_parts
from numa_runtime.errors import MissingExtra

try:
    from trackeval.metrics import CLEAR, Identity
except ImportError as error:
    raise MissingExtra("tuning a tracker", "trackeval", "tune") from error

_QUIET = {"PRINT_CONFIG": False}


def measure(metric: TuneMetric, data: dict[str, Any]) -> Any:
    """Return what `join` needs of one clip; data: from `PreparedTruth.compare`."""
    if metric is TuneMetric.HOTA:
        return hota_parts(data)
    return _family(metric).eval_sequence(data)


def join(metric: TuneMetric, parts: Sequence[Any]) -> float:
    """Return the metric over all clips together, in percent (counts added up, not ratios averaged)."""
    if metric is TuneMetric.HOTA:
        return hota(parts)
    together = _family(metric).combine_sequences(dict(enumerate(parts)))
    return 100.0 * float(together[metric.heading])


def _family(metric: TuneMetric) -> Any:
    return CLEAR(dict(_QUIET)) if metric is TuneMetric.MOTA else Identity(dict(_QUIET))
