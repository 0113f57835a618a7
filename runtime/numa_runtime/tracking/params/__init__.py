"""The trackers' parameters: names, defaults, meaning, limits and search range in one place.

`info` is the machinery of single values; `associations`, `memory` and `buffer` are what a tracker consists of, as
data; `base` is what all trackers share, `cascade` what ByteTrack's family shares; then one module per tracker.
"""

from numa_runtime.tracking.params.base import TrackerParams
from numa_runtime.tracking.params.boosttrack import BoostTrackParams
from numa_runtime.tracking.params.botsort import BotSortParams
from numa_runtime.tracking.params.bytetrack import ByteTrackParams, Compat
from numa_runtime.tracking.params.cbiou import CBIoUParams
from numa_runtime.tracking.params.fasttrack import FastTrackParams
from numa_runtime.tracking.params.hybridsort import HybridSortParams
from numa_runtime.tracking.params.ids import Ids
from numa_runtime.tracking.params.info import ParamInfo, describe
from numa_runtime.tracking.params.names import known_names
from numa_runtime.tracking.params.ocsort import OcSortParams
from numa_runtime.tracking.params.sort import SortParams
from numa_runtime.tracking.params.tracktrack import TrackTrackParams

__all__ = [
    "BoostTrackParams",
    "BotSortParams",
    "ByteTrackParams",
    "CBIoUParams",
    "Compat",
    "FastTrackParams",
    "HybridSortParams",
    "Ids",
    "OcSortParams",
    "ParamInfo",
    "SortParams",
    "TrackTrackParams",
    "TrackerParams",
    "describe",
    "known_names",
]
