"""The names of a tracker's parameters."""

from __future__ import annotations

from numa_runtime.tracking.params.base import TrackerParams
from numa_runtime.tracking.params.bytetrack import ByteTrackParams
from numa_runtime.tracking.params.info import describe


def known_names(params: type[TrackerParams] = ByteTrackParams) -> tuple[str, ...]:
    """Return the names of a tracker's parameters; ByteTrack's if none is named."""
    return tuple(name for name, _ in describe(params))
