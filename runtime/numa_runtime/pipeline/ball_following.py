"""The ball side of the tracking stage: balls of each frame get lasting ids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results import BallRecords, Results
from numa_runtime.tracking.balls import BallTracker


class BallFollower:
    """Feeds one ball tracker and writes its ids back.

    A tracked ball has the tracker's (filtered) position, which lies nearer to the true one than the detection;
    score, class and next position are the detection's. A ball that is not tracked (id -1) stays where its score
    could start a track; weaker ones were only asked for to extend tracks.
    """

    def __init__(self, tracker: BallTracker) -> None:
        self.tracker = tracker

    @property
    def lowest_score(self) -> float:
        """The score a ball needs to be of any use."""
        return self.tracker.params.track_low_thresh

    @property
    def ended(self) -> NDArray[np.int64]:
        """The ids that ended with the last frame."""
        return self.tracker.removed

    def __call__(self, result: Results, now: float) -> BallRecords:
        """Return the balls of the next frame, at `now` seconds, with their ids."""
        found = result.ball_records
        tracks = self.tracker.update(result, timestamp=now)
        rows = tracks[:, 5].astype(np.int64)
        ids, xy = found.id.copy(), found.xy.copy()
        ids[rows], xy[rows] = tracks[:, 2].astype(np.int64), tracks[:, :2]
        return replace(found, id=ids, xy=xy).select((ids >= 0) | (found.conf >= self.tracker.params.birth_thresh))
