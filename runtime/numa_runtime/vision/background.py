"""The still background of a video: the median of frames spread over all that was seen so far."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

MOST_SAMPLES = 31
FIRST_STEP = 5
"""Frames between two samples at first: a ball is elsewhere after a fifth of a second."""


class Background:
    """The median of at most 31 frames, evenly spread from the first frame to the newest sample.

    When the store is full every other sample goes and the step doubles, so that the cost of a frame falls as the video
    goes on: the median is taken anew with each sample only.

    Args:
        channels: planes of one frame.
        size: (height, width).
        dtype: of the planes.
    """

    def __init__(self, channels: int, size: tuple[int, int], dtype: DTypeLike = np.uint8) -> None:
        self._shape, self._dtype = (channels, *size), np.dtype(dtype)
        self.reset()

    def push(self, plane: NDArray[Any]) -> NDArray[Any]:
        """Take in the next frame [C, H, W]; return the background [C, H, W], valid until the next push."""
        if self._seen % self._step == 0:
            self._samples.append(plane.copy())
            self._median = np.median(np.stack(self._samples), axis=0, overwrite_input=True).astype(self._dtype)
            if len(self._samples) == MOST_SAMPLES:
                self._samples = self._samples[::2]
                self._step *= 2
        self._seen += 1
        return self._median

    def reset(self) -> None:
        """Forget everything: the next frame starts a new video."""
        self._samples: list[NDArray[Any]] = []
        self._median: NDArray[Any] = np.zeros(self._shape, self._dtype)
        self._seen, self._step = 0, FIRST_STEP
