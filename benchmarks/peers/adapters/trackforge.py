"""trackforge: Rust behind PyO3. It takes and returns lists of tuples."""

import numpy as np
import trackforge

DISTRIBUTION = "trackforge"


def make():
    """Return a fresh tracker."""
    return trackforge.BYTETRACK(track_thresh=0.25, track_buffer=30, match_thresh=0.8, det_thresh=0.25)


def prepare(rows):
    """Return ([x, y, w, h], score, class) per detection."""
    return [([x1, y1, x2 - x1, y2 - y1], score, int(kind)) for x1, y1, x2, y2, score, kind in rows.tolist()]


def update(tracker, given):
    """Return (id, [x, y, w, h], score, class, index) per track."""
    return tracker.update(given)


def tracks(found):
    """Return rows x1, y1, x2, y2, id."""
    return np.array([[x, y, x + w, y + h, track] for track, (x, y, w, h), *_ in found]).reshape(-1, 5)
