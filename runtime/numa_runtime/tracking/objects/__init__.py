"""The published class surface (`STrack`, `BYTETracker`, pool functions) as objects over the core's kernels.

Names are imported late: they load numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_runtime.tracking.objects.byte_tracker import BYTETracker
    from numa_runtime.tracking.objects.cells import TrackState
    from numa_runtime.tracking.objects.found import parse_bboxes
    from numa_runtime.tracking.objects.kalman import KalmanFilterXYAH
    from numa_runtime.tracking.objects.merging import merge_track_pools
    from numa_runtime.tracking.objects.motion import multi_gmc
    from numa_runtime.tracking.objects.pools import joint_stracks, remove_duplicate_stracks, sub_stracks
    from numa_runtime.tracking.objects.strack import STrack

__all__ = [
    "BYTETracker",
    "KalmanFilterXYAH",
    "STrack",
    "TrackState",
    "joint_stracks",
    "merge_track_pools",
    "multi_gmc",
    "parse_bboxes",
    "remove_duplicate_stracks",
    "sub_stracks",
]

_HOMES = {
    "BYTETracker": "byte_tracker",
    "KalmanFilterXYAH": "kalman",
    "STrack": "strack",
    "TrackState": "cells",
    "joint_stracks": "pools",
    "merge_track_pools": "merging",
    "multi_gmc": "motion",
    "parse_bboxes": "found",
    "remove_duplicate_stracks": "pools",
    "sub_stracks": "pools",
}

__getattr__, __dir__ = lazy(__name__, _HOMES)
