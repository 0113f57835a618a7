"""How the camera moved between two frames, so that tracks can be carried along (BoT-SORT's camera motion)."""

from numa_runtime.tracking.camera.method import CameraMotionMethod

__all__ = ["CameraMotionMethod"]
