"""The memory of the last frame that every method needs, and what happens when two frames do not fit together."""

from __future__ import annotations

import logging
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.camera.base import NoMotionFoundError, Warp, identity
from numa_runtime.tracking.camera.view import View, check_frame, scale_back, take_view
from numa_runtime.vision.opencv import one_thread

_LOGGER = logging.getLogger("numa_runtime")
_SMALLEST_SIDE = 32

Seen = TypeVar("Seen")


class Registration(Protocol[Seen]):
    """A method: what it keeps of a frame, and how it fits two frames together."""

    def look(self, view: View) -> Seen: ...

    def align(self, last: Seen, now: Seen) -> Warp:
        """Return the warp from `last` to `now`, in the views' pixels; raise NoMotionFoundError where there is none."""
        ...


class FrameToFrame(Generic[Seen]):
    """`CameraMotion` by a registration of each frame with the one before it."""

    def __init__(self, registration: Registration[Seen], downscale: int, name: str) -> None:
        self._registration = registration
        self._downscale = downscale
        self._name = name
        self._said = False
        self.reset()

    def reset(self) -> None:
        """Forget the last frame and the count of failures."""
        self._last: Seen | None = None
        self._shape: tuple[int, ...] = ()
        self.failures = 0

    def estimate(self, frame: NDArray[np.uint8], boxes: NDArray[Any] | None = None) -> Warp:
        """As `CameraMotion.estimate`."""
        check_frame(frame)
        with one_thread():
            return self._step(frame, boxes)

    def _step(self, frame: NDArray[np.uint8], boxes: NDArray[Any] | None) -> Warp:
        shape = frame.shape[:2]
        last, before = self._last, self._shape
        self._last, self._shape = None, shape
        if min(shape) < _SMALLEST_SIDE * self._downscale:
            return self._failed(f"{shape[1]}x{shape[0]} is too small to be compared")
        view = take_view(frame, boxes, self._downscale)
        now = self._last = self._registration.look(view)
        if before and before != shape:
            return self._failed(f"it has {shape[1]}x{shape[0]} pixels after {before[1]}x{before[0]}")
        if last is None:
            return identity()
        try:
            return scale_back(self._registration.align(last, now), self._downscale)
        except NoMotionFoundError as reason:
            return self._failed(str(reason))

    def _failed(self, reason: str) -> Warp:
        self.failures += 1
        if not self._said:
            self._said = True
            _LOGGER.warning(
                "camera motion (%s) not found for a frame: %s; the camera is assumed to stand still. "
                "Further such frames are counted only",
                self._name,
                reason,
            )
        return identity()
