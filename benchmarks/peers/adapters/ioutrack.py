"""ioutrack: Rust behind PyO3.

Its limit is IoU, one for both stages, and stays at its default of 0.3, which does it more good than 1 - match on MOT17.
min_hits 2 as in ByteTrack.
"""

import ioutrack

from numa_peers.thresholds import LOW

DISTRIBUTION = "ioutrack"


def make(thresholds):
    """Return a fresh tracker."""
    return ioutrack.ByteTrack(
        max_age=thresholds.buffer,
        min_hits=2,
        init_tracker_min_score=thresholds.birth,
        high_score_threshold=thresholds.high,
        low_score_threshold=LOW,
    )


def prepare(rows):
    """Return rows x1, y1, x2, y2, score."""
    return rows[:, :5].astype("float32")


def update(tracker, rows):
    """Return rows x1, y1, x2, y2, id."""
    return tracker.update(rows)


def tracks(found):
    """Return them."""
    return found
