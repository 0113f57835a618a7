"""Which keypoint takes which one's place in a mirror, where nobody says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.body import FLIP


def usual_flip(points: int) -> NDArray[np.int64] | None:
    """Return each keypoint's partner, int64 (points,): COCO's for its 17, an empty table for none, else None."""
    return np.array(FLIP if points else (), np.int64) if points in (0, len(FLIP)) else None
