"""From a method's word to what estimates by it."""

from __future__ import annotations

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.camera.base import CameraMotion
from numa_runtime.tracking.camera.ecc import EnhancedCorrelation
from numa_runtime.tracking.camera.frame_to_frame import FrameToFrame
from numa_runtime.tracking.camera.method import CameraMotionMethod
from numa_runtime.tracking.camera.orb import OrbFeatures
from numa_runtime.tracking.camera.sparse_flow import SparseFlow
from numa_runtime.tracking.camera.still import StillCamera


def make_camera_motion(
    method: CameraMotionMethod | str | None = CameraMotionMethod.SPARSE_FLOW, downscale: int | None = None
) -> CameraMotion:
    """Return a fresh estimator for one stream; OpenCV is loaded now, except for `none`.

    Args:
        method: sparseOptFlow, orb, ecc or none. ecc finds turns and shifts, the others zoom as well.
        downscale: whole number by which the frames' sides are divided first; the method's own by default.

    Raises:
        TrackerError: an unknown method, or a downscale below 1.
        NumaError: OpenCV cannot be loaded.
    """
    chosen = CameraMotionMethod.parse(method)
    factor = chosen.downscale if downscale is None else downscale
    if isinstance(factor, bool) or not isinstance(factor, int) or factor < 1:
        raise TrackerError(f"downscale={downscale!r} is not a whole number of 1 or more", hint="downscale=2")
    match chosen:
        case CameraMotionMethod.SPARSE_FLOW:
            return FrameToFrame(SparseFlow(), factor, chosen)
        case CameraMotionMethod.ORB:
            return FrameToFrame(OrbFeatures(), factor, chosen)
        case CameraMotionMethod.ECC:
            return FrameToFrame(EnhancedCorrelation(), factor, chosen)
        case CameraMotionMethod.NONE:
            return StillCamera()
