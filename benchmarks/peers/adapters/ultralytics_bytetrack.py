"""ultralytics: Python on numpy. Its tracker takes the boxes object its models return."""

from types import SimpleNamespace

import numpy as np
from ultralytics.engine.results import Boxes
from ultralytics.trackers.byte_tracker import BYTETracker

from numa_peers.thresholds import LOW

DISTRIBUTION = "ultralytics"


def make(thresholds):
    """Return a fresh tracker with the parameters of its bytetrack.yaml."""
    args = SimpleNamespace(
        track_high_thresh=thresholds.high,
        track_low_thresh=LOW,
        new_track_thresh=thresholds.birth,
        track_buffer=thresholds.buffer,
        match_thresh=thresholds.match,
        fuse_score=True,
    )
    tracker = BYTETracker(args)
    tracker.reset_id()
    return tracker


def prepare(rows):
    """Return its boxes, in numpy, as its own tracking callback passes them."""
    return Boxes(rows.astype(np.float32), (1080, 1920))


def update(tracker, boxes):
    """Return rows x1, y1, x2, y2, id, score, class, index."""
    return tracker.update(boxes)


def tracks(found):
    """Return the first five columns."""
    return np.asarray(found).reshape(-1, 8)[:, :5]
