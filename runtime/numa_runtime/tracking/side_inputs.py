"""A frame's side inputs, appearance and poses: checked, and laid where the kernels find them."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.inputs import as_features
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.params import TrackerParams, known_names
from numa_runtime.tracking.params.memory import Appearance
from numa_runtime.tracking.poses import as_points, keypoints_of
from numa_runtime.tracking.state import State

Rows = NDArray[np.float64]

_log = logging.getLogger("numa_runtime")


class SideInputs:
    """Takes appearance vectors and keypoints for a tracker with these parameters, which say what it has a use for."""

    def __init__(self, params: TrackerParams) -> None:
        self._params = params
        self._missed = False
        self.with_reid = isinstance(params.memory, Appearance)
        self.with_poses = params.pose_weight > 0
        self.wanted = self.with_reid or self.with_poses

    def give(self, state: State, given: Any, rows: Rows, features: Any, keypoints: Any) -> None:
        """Let the kernels see what comes with `rows`; `state` grows when the first appearance or pose comes.

        Args:
            state: the tracker's.
            given: the caller's detections, which may bring keypoints of their own.
            rows: the same, float64 (n, 6) or (n, 7).
            features: the caller's appearance vectors, if any.
            keypoints: the caller's keypoints, if any.

        Raises:
            TrackerError: features missing, features or keypoints of no use or of a wrong shape.
        """
        count = len(rows)
        looks, points = np.zeros((count, 0)), np.zeros((count, 0))
        width = state.history.shape[1] - at.POINT * state.keypoints
        if self.with_reid or features is not None:
            looks = self._looks(features, count, width)
        if self.with_poses or keypoints is not None:
            points = self._points(state, keypoints_of(given) if keypoints is None else keypoints, rows)
        if self.with_reid and looks.shape[1] != width:
            state.make_history(looks.shape[1] + at.POINT * state.keypoints)
        if points.shape[1] > 0 and not state.keypoints:
            state.make_poses(points.shape[1] // at.POINT)
        state.give_features(np.hstack([looks, points]))

    def _points(self, state: State, keypoints: Any, rows: Rows) -> Rows:
        """Return the frame's keypoints as the kernels compare them, or those of a frame where none is seen."""
        if not self.with_poses:
            raise TrackerError(
                f"{self._params.tracker_type} with pose_weight=0 has no use for keypoints: it compares boxes only",
                hint="set pose_weight (0 to 1), or omit keypoints",
            )
        if keypoints is not None:
            return as_points(keypoints, rows, state.keypoints)
        if len(rows) and not self._missed:
            self._missed = True
            _log.warning(
                "no keypoints were given to the tracker: pose_weight=%g has no effect", self._params.pose_weight
            )
        return np.zeros((len(rows), at.POINT * state.keypoints))

    def _looks(self, features: Any, count: int, width: int) -> Rows:
        """Return the frame's appearance vectors; `width` is how long they were before, 0 if there were none."""
        if not self.with_reid:
            name, hint = self._params.tracker_type, "omit features"
            if "with_reid" in known_names(type(self._params)):
                name, hint = f"{name} without with_reid", "set with_reid=True"
            raise TrackerError(f"{name} has no use for features: it compares boxes only", hint=hint)
        if features is None and count:
            raise TrackerError(
                f"{self._params.tracker_type} with with_reid=True needs the detections' features, and none were given",
                hint="pass update(features=) with one vector per detection, or set with_reid=False",
            )
        return as_features(() if features is None else features, count, width)
