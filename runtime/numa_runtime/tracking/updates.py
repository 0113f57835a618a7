"""What a frame's detections are handed to: a tracker, or something that stands in front of one."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Updates(Protocol):
    """Turns the detections of each frame into its tracks; `Tracker.update` says what it takes and returns."""

    def update(
        self,
        detections: Any,
        frame: NDArray[Any] | None = None,
        timestamp: float | None = None,
        features: NDArray[Any] | None = None,
        *,
        warp: Any = None,
        keypoints: NDArray[Any] | None = None,
    ) -> NDArray[np.float64]: ...
