"""The last T frames as one array, without moving them: windows advance by one frame."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class ClipStack:
    """A ring of T frames in which every frame is written twice, so that each window lies contiguous.

    The first frame fills the whole ring: that is the padding at the front. Planes are pushed as
    (H, W) or (C, H, W); the window is [T * C, H, W], oldest first.
    """

    def __init__(self, frames: int, height: int, width: int, *, channels: int = 1, dtype: DTypeLike = np.uint8) -> None:
        self._ring: NDArray[Any] = np.zeros((2 * frames, channels, height, width), dtype)
        self._frames = frames
        self._seen = 0

    @property
    def padded(self) -> bool:
        """Whether the window still holds copies of the first frame in place of frames before it."""
        return self._seen < self._frames

    def push(self, plane: NDArray[Any]) -> NDArray[Any]:
        """Add one frame and return the window; it is valid until the next push."""
        if self._seen == 0:
            self._ring[:] = plane
        slot = self._seen % self._frames
        self._ring[slot] = plane
        self._ring[slot + self._frames] = plane
        self._seen += 1
        return self.window

    @property
    def window(self) -> NDArray[Any]:
        """[T * C, H, W], oldest first: a view, valid until the next push."""
        start = self._seen % self._frames
        clip = self._ring[start : start + self._frames]
        return clip.reshape(-1, *clip.shape[2:])

    def reset(self) -> None:
        """Forget everything: the next frame starts a new video."""
        self._seen = 0
