"""The tracking stage: detections of each frame become tracks with ids."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np

from numa_runtime.results import Results
from numa_runtime.tracking import Tracker


class Follower:
    """Feeds one tracker with the detections of one timeline and writes its ids back.

    A tracked result holds the tracks of the frame, with the tracker's (filtered) boxes; class, keypoints and
    everything else come from the very detection the track took.
    """

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker

    def __call__(self, result: Results) -> Results:
        """Return `result` with its tracks in place of its detections."""
        start = perf_counter()
        found = result.detections
        tracks = self.tracker.update(found.rows(), timestamp=result.timestamp)
        chosen = found.select(tracks[:, 7].astype(np.int64)).with_ids(tracks[:, 4].astype(np.int64))
        chosen = replace(chosen, xyxy=tracks[:, :4].astype(np.float32))
        speed = {**result.speed, "track": 1e3 * (perf_counter() - start)}
        return replace(result, detections=chosen, speed=speed)

    def reset(self) -> None:
        """Forget everything: the next frame starts a new timeline with ids from 1."""
        self.tracker.reset()
