"""trackforge: Rust behind PyO3. It takes and returns lists of tuples."""

import numpy as np
import trackforge

DISTRIBUTION = "trackforge"


def make(thresholds):
    """Return a fresh tracker."""
    return trackforge.BYTETRACK(
        track_thresh=thresholds.high,
        track_buffer=thresholds.buffer,
        match_thresh=thresholds.match,
        det_thresh=thresholds.birth,
    )


def prepare(rows):
    """Return ([x, y, w, h], score, class) per detection."""
    return [([x1, y1, x2 - x1, y2 - y1], score, int(kind)) for x1, y1, x2, y2, score, kind in rows.tolist()]


def update(tracker, given):
    """Return (id, [x, y, w, h], score, class, index) per track."""
    return tracker.update(given)


def tracks(found):
    """Return rows x1, y1, x2, y2, id."""
    return np.array([[x, y, x + w, y + h, track] for track, (x, y, w, h), *_ in found]).reshape(-1, 5)
