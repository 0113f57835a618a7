"""No camera motion: for cameras that stand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.camera.base import Warp, identity


class StillCamera:
    """`CameraMotion` that is always the identity and looks at nothing."""

    failures = 0

    def estimate(self, frame: NDArray[np.uint8], boxes: NDArray[Any] | None = None) -> Warp:
        """Return the identity."""
        return identity()

    def reset(self) -> None:
        """Nothing is remembered."""
