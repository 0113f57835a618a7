"""Ours: numa-deploy's ByteTrack; whatever is no threshold stays at its default."""

import numpy as np

from numa_peers.thresholds import LOW
from numa_runtime.tracking import Tracker

DISTRIBUTION = "numa-deploy"


def make(thresholds):
    """Return a fresh tracker."""
    return Tracker(
        "bytetrack",
        track_high_thresh=thresholds.high,
        track_low_thresh=LOW,
        new_track_thresh=thresholds.birth,
        match_thresh=thresholds.match,
        track_buffer=thresholds.buffer,
    )


def prepare(rows):
    """Return the detections as they are."""
    return rows


def update(tracker, rows):
    """Return rows x1, y1, x2, y2, id, score, class, index."""
    return tracker.update(rows)


def tracks(found):
    """Return the first five columns."""
    return np.asarray(found)[:, :5]
