"""`Moment`: one frame of a recording, all that it takes to replay it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moment:
    """What a tracker got in one frame, and the rows it answered with.

    `number` and `time` are what the user calls the frame.

    Attributes:
        number: the frame's.
        time: seconds; None: by the tracker's clock.
    """

    number: int
    detections: Rows
    rows: Rows
    timestamp: float | None = None
    features: NDArray[Any] | None = None
    warp: Rows | None = None
    time: float | None = None
    keypoints: NDArray[Any] | None = None
