"""visiontrack-cpp: C++ (Eigen) behind pybind11, as pip installs it: with its Mahalanobis gate, which ByteTrack has not.

Its matching limits are IoU, not cost: 1 - match in the first stage, 1 - 0.5 in the second. n_init 2: as in ByteTrack, a
track counts after its next match.
"""

import numpy as np
import visiontrack_cpp

from numa_peers.thresholds import LOW

DISTRIBUTION = "visiontrack-cpp"


def make(thresholds, gate=True):
    """Return a fresh tracker."""
    config = visiontrack_cpp.TrackerConfig(
        high_score_thresh=thresholds.high,
        low_score_thresh=LOW,
        new_track_thresh=thresholds.birth,
        match_iou_thresh=thresholds.iou,
        recovery_iou_thresh=0.5,
        n_init=2,
        max_age=thresholds.buffer,
        use_mahalanobis_gating=gate,
    )
    return visiontrack_cpp.ByteTracker(config)


def prepare(rows):
    """Return boxes, scores and classes."""
    return rows[:, :4].copy(), rows[:, 4].copy(), rows[:, 5].astype(np.int64)


def update(tracker, given):
    """Return ids, boxes, scores, classes."""
    return tracker.update(*given)


def tracks(found):
    """Return rows x1, y1, x2, y2, id."""
    ids, boxes = found[0], found[1]
    return np.column_stack([np.asarray(boxes).reshape(-1, 4), np.asarray(ids)])
