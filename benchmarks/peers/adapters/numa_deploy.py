"""Ours: numa-deploy's ByteTrack at its defaults, which are ByteTrack's usual thresholds."""

import numpy as np

from numa_runtime.tracking import Tracker

DISTRIBUTION = "numa-deploy"


def make():
    """Return a fresh tracker."""
    return Tracker("bytetrack")


def prepare(rows):
    """Return the detections as they are."""
    return rows


def update(tracker, rows):
    """Return rows x1, y1, x2, y2, id, score, class, index."""
    return tracker.update(rows)


def tracks(found):
    """Return the first five columns."""
    return np.asarray(found)[:, :5]
