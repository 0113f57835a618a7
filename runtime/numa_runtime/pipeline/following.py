"""The tracking stage: detections of each frame become tracks with ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from numa_runtime.pipeline.ball_following import BallFollower
from numa_runtime.pipeline.options.tracker import TrackerOptions
from numa_runtime.pipeline.reentry import Reentry, make_reentry
from numa_runtime.results import Detections, Ended, Results
from numa_runtime.tracking import Tracker
from numa_runtime.tracking.balls import BallTracker
from numa_runtime.tracking.params import TrackerParams
from numa_runtime.tracking.params.changing import check_change
from numa_runtime.tracking.updates import Updates


class Follower:
    """Feeds one tracker with the detections of one timeline after the other and writes its ids back.

    A tracked result holds the tracks of the frame, with the tracker's (filtered) boxes cut at the frame's edges; class,
    keypoints and everything else come from the very detection the track took; a track that its tracker reports without
    one (fasttrack) has the score and class of its last one, and no keypoints. A track whose box lies wholly outside
    the frame is not reported; the tracker keeps it, and it comes back under its id. `balls` does the same for the balls
    of networks that have any. `reentry` says what objects look like, and gives those that left and came back the ids
    that they had. `suits` are the thresholds of the model's contract, `from_model` those of them that the tracker has.
    """

    def __init__(
        self,
        tracker: Tracker,
        balls: BallFollower | None = None,
        reentry: Reentry | None = None,
        suits: Mapping[str, float] | None = None,
        from_model: Mapping[str, float] | None = None,
    ) -> None:
        self.tracker = tracker
        self.suits, self.from_model = dict(suits or {}), dict(from_model or {})
        self.reentry = reentry or Reentry()
        self.updates: Updates = tracker  # who is given the detections; it may remember them
        self.balls = balls
        self._shown: set[int] = set()
        self._now = 0.0
        self._last: float | None = None

    @property
    def lowest_score(self) -> float:
        """The score a detection needs to be of any use: in track mode `conf` gates births only."""
        lowest = float(self.tracker.params.lowest_score)
        return lowest if self.balls is None else min(lowest, self.balls.lowest_score)

    @property
    def wants_features(self) -> bool:
        """Whether detections must come with what they look like."""
        return self.tracker.wants_features or self.reentry.gallery is not None

    def __call__(self, result: Results) -> Results:
        """Return `result` with its tracks in place of its detections."""
        start = perf_counter()
        found, now = result.detections, self._clock(result.timestamp)
        features = found.features if self.tracker.wants_features else None
        keypoints = found.keypoints if self.tracker.wants_keypoints and found.keypoints.shape[1] else None
        warp = result.warp if self.tracker.wants_frames else None
        tracks = self.updates.update(found.rows(), result.orig_img, now, features, warp=warp, keypoints=keypoints)
        tracks = self.reentry.rename(tracks, found.features, self.tracker.removed, now)
        chosen = _taken(found, tracks).with_ids(tracks[:, 4].astype(np.int64))
        rescued = tracks[:, 5] < self.tracker.params.track_high_thresh
        chosen = replace(chosen, xyxy=tracks[:, :4].astype(np.float32), rescued=rescued).within(*result.orig_shape)
        ended, balls = Ended(self._told(chosen.id)), result.ball_records
        if self.balls is not None:
            balls = self.balls(result, now)
            ended = replace(ended, ball_ids=self.balls.ended)
        speed = {**result.speed, "track": 1e3 * (perf_counter() - start)}
        return replace(result, detections=chosen, ball_records=balls, ended=ended, speed=speed)

    def _told(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the ids that ended, without those of tracks that no result ever showed (unconfirmed ones)."""
        gallery = self.reentry.gallery
        ended = self.tracker.removed if gallery is None else gallery.removed
        known = np.array([track in self._shown for track in ended.tolist()], bool)
        self._shown.difference_update(ended.tolist())
        self._shown.update(ids.tolist())
        told: NDArray[np.int64] = ended[known]
        return told

    def change(self, options: TrackerOptions, conf: float | None = None) -> None:
        """Go on with the parameters that `options` and `conf` say; tracks and ids stay.

        Raises:
            TrackerError: another tracker, or a parameter that cannot change while there are tracks.
        """
        params, ball_params = options.box_params(conf, self.suits), options.ball_params(conf)
        self.reentry.check_change(options)
        if self.balls is not None:
            check_change(self.balls.tracker.params, ball_params)
        if params != self.tracker.params:
            self._change(params)
        self.from_model = options.from_model(conf, self.suits)
        self.reentry.change(options, params)
        if self.balls is not None:
            self.balls.tracker.change(ball_params)

    def _change(self, params: TrackerParams) -> None:
        self.tracker.change(params)

    def start(self, *, keep: bool = False) -> None:
        """Begin a new timeline: ids start from 1 again, unless `keep` continues those there are."""
        self._last = None
        if not keep:
            self.tracker.reset()
            self.reentry.start()
            self._shown.clear()
            if self.balls is not None:
                self.balls.tracker.reset()
            self._now = 0.0

    def _clock(self, timestamp: float) -> float:
        """Return a time that goes on where the timeline before ended, and never backwards."""
        nominal = 1.0 / self.tracker.params.frame_rate
        passed = nominal if self._last is None else timestamp - self._last
        self._last = timestamp
        self._now += max(passed, 0.0)
        return self._now


def _taken(found: Detections, tracks: NDArray[np.float64]) -> Detections:
    """Return the detection of each track, (m, 8); of one without, what the track still knows."""
    index = tracks[:, 7].astype(np.int64)
    unseen = index < 0
    if not unseen.any():
        return found.select(index)
    chosen = found.with_blank().select(index)
    chosen.conf[unseen], chosen.cls[unseen] = tracks[unseen, 5], tracks[unseen, 6]
    return chosen


def make_follower(
    options: TrackerOptions | None = None,
    conf: float | None = None,
    *,
    balls: bool = True,
    suits: Mapping[str, float] | None = None,
    device: str | int | None = "auto",
    threads: int | None = None,
) -> Follower:
    """Return what follows objects through one run.

    Args:
        options: the trackers and their parameters; ByteTrack with the values of its YAML by default.
        conf: gates births, unless a parameter `birth_conf` does.
        balls: whether the network has a track head.
        suits: thresholds that the model's contract brings along, `spec.thresholds.tracking`.
        device: where a ReID network runs.
        threads: CPU threads of a ReID network.

    Raises:
        TrackerError: an unknown tracker, a value out of range, or a gallery with `compat="classic"`.
        ModelError: a file that is no ReID network.
    """
    chosen = options or TrackerOptions()
    suiting = suits or {}
    params, ball_params = chosen.box_params(conf, suiting), chosen.ball_params(conf)
    return Follower(
        Tracker(params),
        BallFollower(BallTracker(ball_params)) if balls else None,
        make_reentry(chosen, params, device, threads),
        suiting,
        chosen.from_model(conf, suiting),
    )
