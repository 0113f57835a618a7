"""pyxtrackers: Cython, the reference ByteTrack step by step (MIT).

It takes no classes and says no detection's index. Two thresholds are its own: detections up to 0.1 are nothing, and
tracks start 0.1 above `track_thresh`, which is what ByteTrack's authors do.
"""

from pyxtrackers import BYTETracker

DISTRIBUTION = "pyxtrackers"


def make(thresholds):
    """Return a fresh tracker; its ids are its own."""
    return BYTETracker(
        track_thresh=thresholds.high, match_thresh=thresholds.match, track_buffer=thresholds.buffer, frame_rate=30
    )


def prepare(rows):
    """Return rows x1, y1, x2, y2, score: float64 and contiguous, so that it copies nothing more than it always does."""
    return rows[:, :5].copy()


def update(tracker, rows):
    """Return rows x1, y1, x2, y2, id."""
    return tracker.update(rows)


def tracks(found):
    """Return them."""
    return found
