"""boxmot: its Python backend, asked through the packed rows its users pass."""

import numpy as np
from boxmot import create_tracker
from boxmot.trackers import TrackerSpec

from numa_peers.thresholds import LOW

DISTRIBUTION = "boxmot"
_FRAME = np.zeros((1080, 1920, 3), np.uint8)


def make(thresholds, backend="python"):
    """Return a fresh tracker of a backend; track_thresh is where tracks start, too."""
    options = {
        "min_conf": LOW,
        "track_thresh": thresholds.high,
        "match_thresh": thresholds.match,
        "track_buffer": thresholds.buffer,
        "frame_rate": 30,
    }
    return create_tracker(TrackerSpec(name="bytetrack", backend=backend, options=tuple(sorted(options.items()))))


def prepare(rows):
    """Return rows x1, y1, x2, y2, score, class."""
    return rows.astype(np.float32)


def update(tracker, rows):
    """Return rows x1, y1, x2, y2, id, score, class, index."""
    return tracker.update(rows, _FRAME)


def tracks(found):
    """Return the first five columns."""
    return np.asarray(found)[:, :5]
