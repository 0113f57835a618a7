"""`Tracker`: detections of one frame in, tracks of that frame out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.jit import announced
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.config import load_params
from numa_runtime.tracking.inputs import as_rows, as_warp, wrong_shape
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.detections import SCORE_SLACK
from numa_runtime.tracking.kernels.step import step
from numa_runtime.tracking.moving_camera import MovingCamera
from numa_runtime.tracking.params import TrackerParams
from numa_runtime.tracking.params.changing import check_change
from numa_runtime.tracking.side_inputs import SideInputs
from numa_runtime.tracking.state import State
from numa_runtime.tracking.time_passed import Time, as_seconds, check_given, frames_passed

Rows = NDArray[np.float64]

_FLOAT64 = np.dtype(np.float64)
_REFUSED = np.array([-1.0])
_IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


class Tracker:
    """Follows objects from frame to frame.

    `tracker` is a name ("bytetrack", "sort", "ocsort", "botsort"), a YAML path or parameters; `parameters` replace
    single values (`ByteTrackParams`, `SortParams`, ... say what there is, and cite the papers). Each instance has
    its own state and its own ids, from 1 in the order in which tracks are first shown (`ids="born"`: in which they
    begin); one instance must not be used by two threads at once, several may.

    Time: without timestamps every call is one nominal frame (1 / frame_rate seconds). With timestamps, in
    seconds, the filter predicts over the time that passed and `track_buffer` counts nominal frames of real
    time. A stream gives timestamps always or never. `compat="classic"` ignores them, as published.
    """

    def __init__(self, tracker: str | Path | TrackerParams = "bytetrack", **parameters: Any) -> None:
        self.params = params = load_params(tracker, **parameters)
        self._side_inputs = SideInputs(params)
        self._camera = _camera_of(params)
        self.warm_up_seconds = announced(self._start)

    def _start(self) -> None:
        """Make fresh state, and run every kernel once on an empty frame so that none has to be loaded later."""
        self.reset()
        step(self._address, np.zeros((0, 6)), _IDENTITY, 1.0, 0.0)
        self.reset()

    def reset(self) -> None:
        """Forget all tracks, ids, counters and times; the next frame is a first frame."""
        self._state = State(self.params)
        self._columns = 6
        self.take_memory()
        self._clock = 0.0
        self._timestamp: float | None = None
        if self._camera is not None:
            self._camera.reset()

    def change(self, params: TrackerParams) -> None:
        """Go on with other parameters from the next frame on; tracks and ids stay.

        Raises:
            TrackerError: another tracker, or a parameter that cannot change while there are tracks.
        """
        check_change(self.params, params)
        if self._camera is not None and params.camera_motion is self.params.camera_motion:
            self._camera.track_high_thresh = params.track_high_thresh
        else:
            self._camera = _camera_of(params)
        self.params = params
        self._side_inputs = SideInputs(params)
        self._state.take_params(params)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Become a copy, or what was pickled, on memory of its own."""
        self.__dict__.update(state)
        self.take_memory()

    def take_memory(self) -> None:
        """Look again where the state's blocks lie: they have grown, or other boxes came."""
        self._address = self._state.address
        known = int(self._state.counters[at.C_COLUMNS]) or self._columns
        self._rows = self._state.rows_of(at.ROTATED if known == 7 else at.UPRIGHT)

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
        """Take the detections of the next frame and return its tracks.

        Args:
            detections: float (n, 6) x1, y1, x2, y2, score, class; rotated (n, 7) cx, cy, w, h, angle, score, class;
                `Results`, `results.Detections` or `supervision.Detections`. Pixels, radians. Rows that are not finite
                or have no area are dropped and counted (`dropped`).
            frame: the image, uint8 (h, w, 3) or (h, w); BoT-SORT finds the camera's motion in it. `Results` bring
                theirs.
            timestamp: seconds, or a `datetime`; not before the last one.
            features: float (n, D) appearance vectors of the detections, for `with_reid` (BoT-SORT, BoostTrack).
            warp: (2, 3), where the camera's motion took last frame's pixels; BoT-SORT then does not estimate it.
            keypoints: float (n, K, 2) x, y or (n, K, 3) x, y, visibility in pixels, for `pose_weight` above 0; not seen
                is what has a visibility of 0 or is not finite. `Results` and `results.Detections` bring theirs.

        Returns:
            float64 (m, 8) x1, y1, x2, y2, id, score, class, index of the caller's detection; rotated (m, 9) cx, cy, w,
            h, angle, id, score, class, index. m = 0 keeps the number of columns. The index is -1 for a track that
            goes on without a detection (FastTracker's do, for a while); its box is predicted.

        Raises:
            TrackerError: a wrong shape or type, a score outside 0-1, time running backwards, a bad warp, features
                missing, features or keypoints of no use or of a wrong shape. The tracker is then as it was before.
        """
        if timestamp is not None and type(timestamp) is not float:
            timestamp = as_seconds(timestamp)
        given = detections
        if not (
            type(detections) is np.ndarray
            and detections.dtype is _FLOAT64
            and detections.ndim == 2
            and len(detections)
            and detections.flags.carray
        ):
            detections = as_rows(detections)
        if self._side_inputs.wanted or features is not None or keypoints is not None:
            self._side_inputs.give(self._state, given, detections, features, keypoints)
            if self._state.grown:
                self.take_memory()
        clock = self._clock + 1.0 if timestamp is None and self._timestamp is None else self._clock_at(timestamp)
        if warp is not None:
            matrix = as_warp(warp)
        elif self._camera is None:
            matrix = _IDENTITY
        else:
            frame = getattr(given, "orig_img", None) if frame is None else frame
            matrix = self.camera_warp(frame, detections)
        count = step(self._address, detections, matrix, clock - self._clock, clock)
        if count < 0:
            count = self._resolve(count, detections, matrix, clock)
        self._clock = clock
        if timestamp is not None:
            self._timestamp = timestamp
        if detections.shape[1] != self._columns:
            self._columns = detections.shape[1]
            self.take_memory()
        return self._rows[:count].copy()

    def camera_warp(self, frame: NDArray[Any] | None, rows: Rows) -> Rows:
        """Return the camera's motion since the last frame, as `update` takes it: (2, 3), the identity without one.

        A frame is looked at once: whoever calls this passes the answer on as `update(warp=)`. Not looked at is a
        frame whose detections `update` will refuse.
        """
        camera = self._camera
        if camera is None:
            return _IDENTITY
        if frame is None:
            return camera.still()
        known = int(self._state.counters[at.C_COLUMNS])
        scores = rows[:, -2] if rows.shape[1] == (known or rows.shape[1]) and rows.shape[1] in (6, 7) else _REFUSED
        scores = scores[np.isfinite(scores)]
        if len(scores) and not (scores.min() >= 0.0 and scores.max() <= 1.0 + SCORE_SLACK):
            return _IDENTITY
        return camera.warp(frame, rows)

    def _clock_at(self, timestamp: float | None) -> float:
        """Return the clock (nominal frames) at `timestamp`, which is given now or was given before."""
        check_given(timestamp, self._timestamp, self.frames)
        if self.params.classic:
            return self._clock + 1.0
        return self._clock + frames_passed(timestamp, self._timestamp, self.params.frame_rate)

    def _resolve(self, code: int, detections: Rows, warp: Rows, clock: float) -> int:
        """Make room and try again, or say what is wrong; return the number of tracks."""
        while code < 0:
            if code == at.BAD_COLUMNS:
                raise self._wrong_columns(detections)
            if code == at.BAD_SCORE:
                row = int(self._state.counters[at.C_BAD_ROW])
                raise TrackerError(
                    f"detection {row} has score {detections[row, -2]:g}; scores are from 0 to 1",
                    hint="divide percentages by 100; the columns are x1, y1, x2, y2, score, class",
                )
            if code == at.NEED_PAIRS:  # the frame is done; this is for the next one
                self._state.make_room_for_pairs(2 * int(self._state.counters[at.C_PAIRS]))
            elif code == at.NEED_CAPACITY:
                self._state.make_room(len(detections) + self._alive + 2)
            elif code == at.NEED_COUPLED:
                self._state.make_coupled()
            self.take_memory()
            if code == at.NEED_PAIRS:
                return int(self._state.counters[at.C_ROWS])
            code = step(self._address, detections, warp, clock - self._clock, clock)
        return code

    def _wrong_columns(self, detections: Rows) -> TrackerError:
        columns = int(self._state.counters[at.C_COLUMNS])
        if detections.shape[1] in (6, 7) and columns:
            now, before = ("rotated", "upright") if columns == 6 else ("upright", "rotated")
            return TrackerError(f"{now} boxes after {before} ones", hint="use one tracker per kind, or reset()")
        return wrong_shape(detections.shape)

    @property
    def _alive(self) -> int:
        counters = self._state.counters
        return int(counters[at.L_TRACKED] + counters[at.L_LOST])

    @property
    def wants_frames(self) -> bool:
        """Whether `update` looks for the camera's motion in its frames."""
        return self._camera is not None

    @property
    def wants_features(self) -> bool:
        """Whether `update` must be given features."""
        return self._side_inputs.with_reid

    @property
    def wants_keypoints(self) -> bool:
        """Whether `update` has a use for keypoints."""
        return self._side_inputs.with_poses

    @property
    def frames(self) -> int:
        """How many frames were taken."""
        return int(self._state.counters[at.C_FRAME])

    @property
    def dropped(self) -> int:
        """How many detections were dropped as degenerate, so far."""
        return int(self._state.counters[at.C_DROPPED])

    @property
    def born(self) -> int:
        """How many ids were given, so far; also the highest id."""
        return int(self._state.counters[at.C_NEXT_ID])

    @property
    def removed(self) -> NDArray[np.int64]:
        """The ids that ended in the last frame, for good: int64 (k,); tracks that never got one are not among them."""
        count = int(self._state.counters[at.L_ENDED_SLOT])
        return _numbered(self._state.lists[at.L_ENDED_ID, :count])

    @property
    def lost(self) -> NDArray[np.int64]:
        """The ids that are lost now and may come back: int64 (k,)."""
        slots = self._state.lists[at.L_LOST, : self._state.counters[at.L_LOST]]
        return _numbered(self._state.ints[slots, at.ID])


def _numbered(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a copy without tracks that were never shown."""
    numbered: NDArray[np.int64] = ids[ids != at.UNNUMBERED]
    return numbered


def _camera_of(params: TrackerParams) -> MovingCamera | None:
    if params.camera_motion is CameraMotionMethod.NONE:
        return None
    return MovingCamera(params.camera_motion, params.track_high_thresh)


def warm_up(say: Callable[[str], None] | None = None) -> float:
    """Compile or load every kernel now, the ball tracker's too; return the seconds it took.

    `say` gets one sentence if something has to be compiled because no cache exists; without it the sentence
    is logged.
    """
    from numa_runtime.tracking.balls.association import load_kernels

    def load() -> None:
        Tracker("bytetrack")  # all trackers are one compiled step
        load_kernels()

    return announced(load, say)
