"""roboflow trackers: Python on supervision.Detections.

Its limit is IoU: 1 - match. It has no lower threshold, so detections that are nothing to ByteTrack are left out before.
"""

import numpy as np
import supervision as sv
from trackers import ByteTrackTracker

from numa_peers.thresholds import LOW

DISTRIBUTION = "trackers"


def make(thresholds):
    """Return a fresh tracker."""
    return ByteTrackTracker(
        lost_track_buffer=thresholds.buffer,
        frame_rate=30.0,
        track_activation_threshold=thresholds.birth,
        minimum_consecutive_frames=2,
        minimum_iou_threshold=thresholds.iou,
        high_conf_det_threshold=thresholds.high,
    )


def prepare(rows):
    """Return supervision's detections."""
    rows = rows[rows[:, 4] > LOW]
    return sv.Detections(xyxy=rows[:, :4].copy(), confidence=rows[:, 4].copy(), class_id=rows[:, 5].astype(int))


def update(tracker, detections):
    """Return detections with tracker_id, -1 where there is no track yet."""
    return tracker.update(detections)


def tracks(found):
    """Return rows x1, y1, x2, y2, id."""
    ids = np.asarray(found.tracker_id)
    return np.column_stack([found.xyxy, ids])[ids >= 0]
