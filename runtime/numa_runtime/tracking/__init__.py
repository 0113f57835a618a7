"""Tracking: detections of one frame in, the same objects under lasting ids out.

`Tracker` follows boxes, `BallTracker` points. They are imported late: they load numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_runtime.tracking.balls import BallTracker
    from numa_runtime.tracking.config import load_params
    from numa_runtime.tracking.gallery import Gallery
    from numa_runtime.tracking.gallery_params import GalleryParams
    from numa_runtime.tracking.objects import BYTETracker, STrack
    from numa_runtime.tracking.params import (
        BoostTrackParams,
        BotSortParams,
        ByteTrackParams,
        CBIoUParams,
        FastTrackParams,
        HybridSortParams,
        OcSortParams,
        SortParams,
        TrackTrackParams,
    )
    from numa_runtime.tracking.tracker import Tracker, warm_up

__all__ = [
    "BYTETracker",
    "BallTracker",
    "BoostTrackParams",
    "BotSortParams",
    "ByteTrackParams",
    "CBIoUParams",
    "FastTrackParams",
    "Gallery",
    "GalleryParams",
    "HybridSortParams",
    "OcSortParams",
    "STrack",
    "SortParams",
    "TrackTrackParams",
    "Tracker",
    "load_params",
    "warm_up",
]

_HOMES = {
    "BYTETracker": "objects",
    "STrack": "objects",
    "BallTracker": "balls",
    "BoostTrackParams": "params",
    "BotSortParams": "params",
    "ByteTrackParams": "params",
    "CBIoUParams": "params",
    "FastTrackParams": "params",
    "HybridSortParams": "params",
    "OcSortParams": "params",
    "SortParams": "params",
    "TrackTrackParams": "params",
    "Gallery": "gallery",
    "GalleryParams": "gallery_params",
    "load_params": "config",
    "Tracker": "tracker",
    "warm_up": "tracker",
}

__getattr__, __dir__ = lazy(__name__, _HOMES)
