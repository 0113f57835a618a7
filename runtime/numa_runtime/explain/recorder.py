"""`Recorder`: a tracker that remembers what it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.explain.analysis import Analysis
from numa_runtime.explain.explanation import Explanation, explanation_of
from numa_runtime.explain.moment import Moment, Rows
from numa_runtime.explain.overview import Overview, overview_of
from numa_runtime.explain.pictures.frames import BUDGET, Frames, KeptFrames
from numa_runtime.tracking.inputs import as_rows
from numa_runtime.tracking.params import TrackerParams
from numa_runtime.tracking.poses import keypoints_of
from numa_runtime.tracking.time_passed import Time, as_seconds
from numa_runtime.tracking.tracker import Tracker


class Recorder:
    """Wraps a fresh `Tracker`: the same rows out, and every id explained afterwards.

        recorder = Recorder(Tracker("bytetrack"))
        for frame, detections in video:
            rows = recorder.update(detections, frame=frame)
        print(recorder.explain(7))
        recorder.explain(7).save("explain-7")

    Detections below the tracker's thresholds may be given too: the tracker ignores them, the explanation does not.
    Frames given to `update` are kept for the pictures (as JPEG, the newest `frame_bytes` of them); `footage` may be
    set to something that reads them again instead. `from_model` names the thresholds that the model's contract gave, so
    that it is told.

    Raises:
        TrackerError: the tracker has taken frames already, which cannot be replayed.
    """

    def __init__(self, tracker: Tracker, *, frame_bytes: int = BUDGET, from_model: Sequence[str] = ()) -> None:
        if tracker.frames:
            raise TrackerError(
                f"this tracker has taken {tracker.frames} frames that were not recorded",
                hint="wrap it before its first frame, or call reset()",
            )
        self.tracker = tracker
        self._frame_bytes, self._from_model = frame_bytes, frozenset(from_model)
        self._begin()

    def _begin(self) -> None:
        self.moments: list[Moment] = []
        self._analysis: Analysis | None = None
        self._kept = KeptFrames(self._frame_bytes)
        self.footage: Frames = self._kept

    def update(
        self,
        detections: Any,
        frame: NDArray[Any] | None = None,
        timestamp: Time | None = None,
        features: NDArray[Any] | None = None,
        *,
        warp: Any = None,
        keypoints: NDArray[Any] | None = None,
    ) -> Rows:
        """Take the detections of the next frame and return its tracks, as `Tracker.update` does."""
        frame = getattr(detections, "orig_img", None) if frame is None else frame  # results bring theirs
        timestamp = None if timestamp is None else as_seconds(timestamp)
        given = as_rows(detections)
        if keypoints is None and self.tracker.wants_keypoints:
            keypoints = keypoints_of(detections)
        if warp is None and self.tracker.wants_frames:
            warp = self.tracker.camera_warp(frame, given)  # what it would do itself, but a replay has no frames
        rows = self.tracker.update(
            given, frame=frame, timestamp=timestamp, features=features, warp=warp, keypoints=keypoints
        )
        number = len(self.moments) + 1
        self.moments.append(
            Moment(
                number,
                given.copy(),
                rows.copy(),
                timestamp,
                None if features is None else np.array(features),
                None if warp is None else np.array(warp, np.float64),
                keypoints=None if keypoints is None else np.array(keypoints),
            )
        )
        if frame is not None and self._frame_bytes:
            self._kept.add(number, frame)
        return rows

    def call_last(self, number: int, time: float) -> None:
        """Give the last frame a number other than its place (from 1) and a time in seconds, to be called by."""
        self._kept.rename(self.moments[-1].number, number)
        self.moments[-1] = replace(self.moments[-1], number=number, time=time)
        self._analysis = None

    def explain(self, track_id: int, names: dict[int, str] | None = None) -> Explanation:
        """Tell the life of one id; `names` are the classes'.

        Raises:
            UnknownIdError: there was no such id; the sentence names those there were.
            TrackerError: the recording cannot be replayed.
        """
        return explanation_of(self.analysis(), track_id, names or {}, self.footage)

    def overview(self) -> Overview:
        """Count all lives: what lost them, which are worth a look, and what single changes would give."""
        return overview_of(self.analysis())

    def analysis(self) -> Analysis:
        """Return the analysis of what is recorded so far; it is made once for all ids."""
        if self._analysis is None or len(self._analysis.moments) != len(self.moments):
            self._analysis = Analysis(tuple(self.moments), self.tracker.params, self._from_model)
        return self._analysis

    def reset(self) -> None:
        """Forget the recording and reset the tracker."""
        self.tracker.reset()
        self._begin()

    # What users read of a tracker after each frame; `tracker` has the rest.

    @property
    def params(self) -> TrackerParams:
        """The tracker's parameters."""
        return self.tracker.params

    @property
    def frames(self) -> int:
        """How many frames were taken."""
        return self.tracker.frames

    @property
    def dropped(self) -> int:
        """How many detections were dropped as degenerate, so far."""
        return self.tracker.dropped

    @property
    def born(self) -> int:
        """How many ids were given, so far; also the highest id."""
        return self.tracker.born

    @property
    def removed(self) -> NDArray[np.int64]:
        """The ids that ended in the last frame, for good: int64 (k,)."""
        return self.tracker.removed

    @property
    def lost(self) -> NDArray[np.int64]:
        """The ids that are lost now and may come back: int64 (k,)."""
        return self.tracker.lost

    @property
    def wants_frames(self) -> bool:
        """Whether `update` looks for the camera's motion in its frames."""
        return self.tracker.wants_frames

    @property
    def wants_features(self) -> bool:
        """Whether `update` must be given features."""
        return self.tracker.wants_features

    @property
    def wants_keypoints(self) -> bool:
        """Whether `update` has a use for keypoints."""
        return self.tracker.wants_keypoints
