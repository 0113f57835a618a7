"""The tracking stage: detections of each frame become tracks with ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from numa_runtime.results import Results
from numa_runtime.tracking import Tracker, load_params
from numa_runtime.tracking.config import every_name

_NOMINAL_S = 1.0 / 30.0


class Follower:
    """Feeds one tracker with the detections of one timeline after the other and writes its ids back.

    A tracked result holds the tracks of the frame, with the tracker's (filtered) boxes; class, keypoints and
    everything else come from the very detection the track took.
    """

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self._now = 0.0
        self._last: float | None = None

    @property
    def lowest_score(self) -> float:
        """The score a detection needs to be of any use: in track mode `conf` gates births only."""
        return float(self.tracker.params.lowest_score)

    def __call__(self, result: Results) -> Results:
        """Return `result` with its tracks in place of its detections."""
        start = perf_counter()
        found = result.detections
        tracks = self.tracker.update(found.rows(), timestamp=self._clock(result.timestamp))
        chosen = found.select(tracks[:, 7].astype(np.int64)).with_ids(tracks[:, 4].astype(np.int64))
        chosen = replace(chosen, xyxy=tracks[:, :4].astype(np.float32))
        speed = {**result.speed, "track": 1e3 * (perf_counter() - start)}
        return replace(result, detections=chosen, speed=speed)

    def start(self, *, keep: bool = False) -> None:
        """Begin a new timeline: ids start from 1 again, unless `keep` continues those there are."""
        self._last = None
        if not keep:
            self.tracker.reset()
            self._now = 0.0

    def _clock(self, timestamp: float) -> float:
        """Return a time that goes on where the timeline before ended, and never backwards."""
        passed = _NOMINAL_S if self._last is None else timestamp - self._last
        self._last = timestamp
        self._now += max(passed, 0.0)
        return self._now


def make_follower(words: Mapping[str, Any], keep: Follower | None = None) -> tuple[Follower, dict[str, Any]]:
    """Take the tracker's words out of `words`; return its follower and the other words.

    `tracker` is a name or a YAML file, every parameter may be given by name, and `conf` gates births. `keep` is
    returned as it is when it has the very same parameters.

    Raises:
        TrackerError: an unknown tracker, or a value out of range.
    """
    names = every_name()  # also those of other trackers: load_params says whose they are
    rest = {word: value for word, value in words.items() if word not in names and word != "tracker"}
    chosen = {word: value for word, value in words.items() if word in names}
    if rest.get("conf") is not None:
        chosen.setdefault("birth_conf", rest["conf"])
    params = load_params(words.get("tracker") or "bytetrack", **chosen)
    if keep is not None and keep.tracker.params == params:
        return keep, rest
    return Follower(Tracker(params)), rest
