"""visiontrack-cpp without its Mahalanobis gate: what ByteTrack does, and faster."""

from adapters import visiontrack_cpp as gated
from adapters.visiontrack_cpp import DISTRIBUTION, prepare, tracks, update

__all__ = ["DISTRIBUTION", "make", "prepare", "tracks", "update"]


def make(thresholds):
    """Return a fresh tracker."""
    return gated.make(thresholds, gate=False)
