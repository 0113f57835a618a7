"""edgefirst-tracker: Rust behind PyO3 (Apache-2.0).

Its limit is IoU, one for both stages, and stays at its default of 0.25, which does it more good than 1 - match on
MOT17. `high_conf` is where tracks start, too; it has no lower threshold, so detections that are nothing to ByteTrack
are left out before. It keeps lost tracks for nanoseconds; frames come 1/30 s apart. Boxes and scores must be float32,
labels uintp (its readme's intp is refused).

It answers with one entry per detection, so the detection's box is the track's; its own `tracked_location` is of before
the update and lags behind. An entry made in this very frame is not confirmed, and left out as ByteTrack does.
"""

import numpy as np
from edgefirst.tracker import ByteTrack

from numa_peers.thresholds import LOW

DISTRIBUTION = "edgefirst-tracker"
_FRAME_NS = 1_000_000_000 // 30
_NUMBERS = {}
"""Its ids are UUIDs; these are the numbers they get here."""


class _Clocked:
    def __init__(self, thresholds):
        self.tracker = ByteTrack(high_conf=thresholds.high, lifespan_ns=thresholds.buffer * _FRAME_NS)
        self.now = 0


def make(thresholds):
    """Return a fresh tracker and its clock."""
    return _Clocked(thresholds)


def prepare(rows):
    """Return boxes, scores and labels."""
    rows = rows[rows[:, 4] > LOW]
    return rows[:, :4].astype(np.float32), rows[:, 4].astype(np.float32), rows[:, 5].astype(np.uintp)


def update(clocked, given):
    """Return the boxes, and per box a TrackInfo or None."""
    clocked.now += _FRAME_NS
    return given[0], clocked.tracker.update(*given, clocked.now)


def tracks(found):
    """Return rows x1, y1, x2, y2, id."""
    return np.array(
        [
            [*box, _NUMBERS.setdefault(info.uuid, len(_NUMBERS) + 1)]
            for box, info in zip(*found, strict=True)
            if info is not None and (info.created < info.last_updated or info.created == _FRAME_NS)
        ]
    ).reshape(-1, 5)
