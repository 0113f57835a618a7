"""The camera's motion as a tracker asks for it: from frames if they come, and never by surprise."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.camera.base import CameraMotion
from numa_runtime.tracking.camera.making import make_camera_motion

_IDENTITY = np.eye(2, 3)
_log = logging.getLogger("numa_runtime")


class MovingCamera:
    """One stream's camera motion; its estimator, and OpenCV with it, is made with the first frame."""

    def __init__(self, method: CameraMotionMethod, track_high_thresh: float) -> None:
        self._method, self.track_high_thresh = method, track_high_thresh
        self._motion: CameraMotion | None = None
        self._said = False

    def reset(self) -> None:
        """Forget the last frame."""
        if self._motion is not None:
            self._motion.reset()

    def still(self) -> NDArray[np.float64]:
        """Return the identity for a call without a frame; the first one is warned about."""
        if not self._said:
            self._said = True
            _log.warning(
                "no frame was given to the tracker: its camera motion (gmc_method=%s) is off; "
                "pass update(frame=) or set gmc_method=none",
                self._method.value,
            )
        return _IDENTITY

    def warp(self, frame: NDArray[Any], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where the last frame's pixels went: float64 (2, 3).

        Args:
            frame: uint8 (h, w, 3) or (h, w).
            rows: the frame's detections; what is sure to be an object is not looked at.
        """
        if self._motion is None:
            self._motion = make_camera_motion(self._method)
        sure = rows[np.isfinite(rows).all(axis=1) & (rows[:, -2] >= self.track_high_thresh)]
        return self._motion.estimate(frame, enclosing(sure))


def enclosing(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the upright boxes (n, 4) around detections (n, 6) or rotated (n, 7)."""
    if rows.shape[1] == 6:
        return rows[:, :4]
    c, s = np.abs(np.cos(rows[:, 4])), np.abs(np.sin(rows[:, 4]))
    half = 0.5 * np.stack([rows[:, 2] * c + rows[:, 3] * s, rows[:, 2] * s + rows[:, 3] * c], axis=1)
    return np.concatenate([rows[:, :2] - half, rows[:, :2] + half], axis=1)
