"""Trackers of recorded boxes: there are no frames that a camera's motion could be seen in."""

from __future__ import annotations

from numa_runtime.tracking import Tracker
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.config import load_params


def moves_with_camera(name: str) -> bool:
    """Whether a tracker, by name or YAML file, takes out the camera's motion."""
    return load_params(name).camera_motion is not CameraMotionMethod.NONE


def boxes_only(name: str) -> Tracker:
    """Return a tracker that expects no frames."""
    switched_off = {"gmc_method": CameraMotionMethod.NONE.value} if moves_with_camera(name) else {}
    return Tracker(load_params(name, **switched_off))
