"""What a list of measured milliseconds says: mean and percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

PERCENTILES = (50, 90, 99)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Mean and percentiles, in the unit of the samples."""

    mean: float
    p50: float
    p90: float
    p99: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Distribution:
        """Summarise samples, one at least.

        Raises:
            ValueError: there are none.
        """
        if not samples:
            raise ValueError("a distribution needs one sample at least")
        p50, p90, p99 = (percentile(samples, share) for share in PERCENTILES)
        return cls(sum(samples) / len(samples), p50, p90, p99)

    def to_dict(self, key: str) -> dict[str, float]:
        """Return `key` (the mean), `key_p50`, `key_p90`, `key_p99`."""
        return {key: self.mean, f"{key}_p50": self.p50, f"{key}_p90": self.p90, f"{key}_p99": self.p99}


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the percentile `share` (0-100), linear between the neighbours (Hyndman and Fan 1996, type 7)."""
    ordered = sorted(samples)
    place = (len(ordered) - 1) * share / 100
    below, above = ordered[floor(place)], ordered[ceil(place)]
    return below + (above - below) * (place - floor(place))
