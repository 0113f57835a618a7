"""What every way of estimating camera motion offers."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Warp = NDArray[np.float64]
"""(2, 3): a point (x, y) of the last frame is found at warp @ (x, y, 1) in this one, pixels."""


class CameraMotion(Protocol):
    """Watches one stream; an instance has its own memory of the last frame and must not be shared by threads."""

    @property
    def failures(self) -> int:
        """How many frames got the identity because no motion could be found; the first frame is none of them."""
        ...

    def estimate(self, frame: NDArray[np.uint8], boxes: NDArray[Any] | None = None) -> Warp:
        """Return where the camera's motion took the last frame's pixels.

        The first frame, a frame of another size and a pair of frames that does not fit together give the identity.

        Args:
            frame: uint8 (h, w, 3) BGR or (h, w) grey.
            boxes: (n, 4) x1, y1, x2, y2 of objects that move by themselves, in this frame's pixels; nothing inside them
                is looked at.

        Returns:
            float64 (2, 3).

        Raises:
            TrackerError: a frame or boxes of another shape or type.
        """
        ...

    def reset(self) -> None:
        """Forget the last frame and the count of failures; the next frame is a first frame."""
        ...


def identity() -> Warp:
    """Return the warp that moves nothing."""
    return np.eye(2, 3)


class NoMotionFoundError(Exception):
    """Two frames do not fit together; the text says why. Never leaves this package."""
