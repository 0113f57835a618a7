"""Running a recording again: once with a probe, and as often as an advice needs with other parameters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from numa_runtime.errors import TrackerError
from numa_runtime.explain.boxes import Floats
from numa_runtime.explain.moment import Moment, Rows
from numa_runtime.explain.scene import NOBODY, Scene, Sighting, Tracks, holders_of
from numa_runtime.explain.shown_ids import ShownIds
from numa_runtime.explain.snapshot import ended_of, expected, tracks_of
from numa_runtime.tracking.params import Ids
from numa_runtime.tracking.tracker import Tracker


def scenes_of(moments: Sequence[Moment], params: Any) -> list[Scene]:
    """Replay a recording and return what every frame looked like to the tracker.

    Raises:
        TrackerError: the replay gives other tracks than the recording has; then nothing said of it would be true.
    """
    tracker, scenes, last, ids = fresh(params), [], dict[int, Floats](), ShownIds(params.ids_at_birth)
    for position, moment in enumerate(moments):
        before, clock = expected(tracker, moment), tracker._clock
        rows = take(tracker, moment)
        if not np.array_equal(ids.rows(rows), moment.rows):
            raise TrackerError(
                f"frame {moment.number} cannot be replayed: the tracker gave other tracks the first time",
                hint="give the recorder all the tracker got: timestamp=, warp=, features=, keypoints= of every frame",
            )
        elapsed = tracker._clock - clock
        time = moment.timestamp if moment.time is None else moment.time
        if time is None:
            time = position / params.frame_rate
        last_boxes = before.boxes.copy()
        for row, track_id in enumerate(before.ids.tolist()):
            last_boxes[row] = last.get(track_id, last_boxes[row])
        after, ended = tracks_of(tracker, moment.detections), ended_of(tracker, moment.detections)
        given = moment.detections if len(moment.detections) else np.zeros((0, before.boxes.shape[1] + 2))
        scene = Scene(position, moment.number, time, elapsed, given, before, last_boxes, after, ended, rows)
        last |= {track_id: scene.boxes[detection] for detection, track_id in scene.holders.items()}
        scenes.append(scene)
    return [ids.scene(scene) for scene in scenes]


def fresh(params: Any) -> Tracker:
    """Return a tracker for a replay, whose tracks have their number from the first detection on.

    The camera's motion is recorded and needs no estimating.
    """
    still = {"gmc_method": "none"} if hasattr(params, "gmc_method") else {}
    return Tracker(replace(params, ids=Ids.BORN, **still))


def take(tracker: Tracker, moment: Moment) -> Rows:
    """Let `tracker` take one recorded frame."""
    return tracker.update(
        moment.detections,
        timestamp=moment.timestamp,
        features=moment.features,
        warp=moment.warp,
        keypoints=moment.keypoints,
    )


class Rerun:
    """A recording taken by a tracker with other parameters, which keeps who holds what in the frames `watched`."""

    def __init__(self, moments: Sequence[Moment], params: Any, watched: Collection[int]) -> None:
        self._moments = moments
        self._tracker = fresh(params)
        self._seen: dict[int, Tracks] = {}
        self._shown: set[int] = set()
        self._done = 0
        self._go_on(max(watched) + 1, watched)

    def _go_on(self, until: int, watched: Collection[int] = ()) -> None:
        for position in range(self._done, until):
            moment = self._moments[position]
            self._shown.update(take(self._tracker, moment)[:, -4].tolist())
            if position in watched:
                self._seen[position] = tracks_of(self._tracker, moment.detections)
        self._done = until

    def holder(self, where: Sighting) -> int:
        """Return the id that takes this detection, in a watched frame, or `NOBODY`."""
        return holders_of(self._seen[where.position], where.position).get(where.detection, NOBODY)

    def alive(self, track_id: int, position: int) -> bool:
        """Whether `track_id` is tracked or lost after the watched frame `position`."""
        return self._seen[position].place(track_id) >= 0

    def ids_shown(self) -> int:
        """Run to the end; return how many ids the user gets to see over the whole recording."""
        self._go_on(len(self._moments))
        return len(self._shown)
