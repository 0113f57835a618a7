"""ioutrack: Rust behind PyO3. Its limit is IoU: 1 - 0.8; it has one for both stages. min_hits 2 as in ByteTrack."""

import ioutrack

DISTRIBUTION = "ioutrack"


def make():
    """Return a fresh tracker."""
    return ioutrack.ByteTrack(
        max_age=30,
        min_hits=2,
        iou_threshold=0.2,
        init_tracker_min_score=0.25,
        high_score_threshold=0.25,
        low_score_threshold=0.1,
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
