"""boxmot: its C++ backend, built by boxmot itself with cmake on first use (needs Eigen and OpenCV's headers)."""

from adapters import boxmot_python
from adapters.boxmot_python import DISTRIBUTION, prepare, tracks, update

__all__ = ["DISTRIBUTION", "make", "prepare", "tracks", "update"]


def make(thresholds):
    """Return a fresh tracker."""
    return boxmot_python.make(thresholds, "cpp")
