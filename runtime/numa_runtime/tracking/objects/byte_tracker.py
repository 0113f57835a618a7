"""`BYTETracker`: the published class, whose every stage may be overridden.

As long as no hook is overridden a frame is one compiled call of the core. Otherwise the same kernels run stage
by stage, and the hooks stand between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from inspect import getattr_static
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from numa_runtime.jit import announced
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.kernels.layout import Floats
from numa_runtime.tracking.kernels.single import assign_dense
from numa_runtime.tracking.objects import pools
from numa_runtime.tracking.objects.found import Found, rows_of
from numa_runtime.tracking.objects.hooks import Hooks, Tracks
from numa_runtime.tracking.objects.kalman import KalmanFilterXYAH, check_filter
from numa_runtime.tracking.objects.merging import KEPT_REMOVED, merge_track_pools
from numa_runtime.tracking.objects.settings import as_namespace, params_of, values_of
from numa_runtime.tracking.objects.store import Store
from numa_runtime.tracking.objects.strack import STrack
from numa_runtime.tracking.params.associations import Stage
from numa_runtime.tracking.state import pack_params
from numa_runtime.tracking.tracker import Tracker

MEANT_RATE = 30.0
"""The frames per second at which the published track_buffer is meant."""

_STILL = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
_SET_NAMES = ("joint_stracks", "sub_stracks", "remove_duplicate_stracks")
HOOKS = tuple(name for name, value in vars(Hooks).items() if callable(value) and name not in ("_match", "_found"))


class BYTETracker(Hooks):
    """Follows objects from frame to frame; override a hook, and it is called.

    Each call is one frame. Ids are counted per instance.

    Args:
        args: any object with the YAML's names as attributes, a dict, a YAML or a name; changing it later counts from
            the next frame on.
        frame_rate: scales track_buffer, which counts frames at 30 frames per second.
    """

    def __init__(self, args: Any, frame_rate: float | None = None) -> None:
        self.args, self.frame_rate = as_namespace(args), frame_rate
        self._values = values_of(self.args)
        self._core = Tracker(params_of(self.args))
        self._store = Store(self._core, self.track_class)
        self._scale_buffer()
        self.removed_stracks: Tracks = []
        self.stage = Stage.FIRST
        self.merges_lists = _overridden(type(self), _SET_NAMES)
        self._hooked = self.merges_lists or _overridden(type(self), HOOKS)
        self.kalman_filter = self.get_kalmanfilter()

    joint_stracks = staticmethod(pools.joint_stracks)
    sub_stracks = staticmethod(pools.sub_stracks)
    remove_duplicate_stracks = staticmethod(pools.remove_duplicate_stracks)

    @property
    def tracked_stracks(self) -> Tracks:
        """Tracks that were seen in the last frame, unconfirmed ones too."""
        return self._store.pool(at.L_TRACKED)

    @tracked_stracks.setter
    def tracked_stracks(self, tracks: Iterable[STrack]) -> None:
        self._store.set_pool(at.L_TRACKED, tracks)

    @property
    def lost_stracks(self) -> Tracks:
        """Tracks that may come back."""
        return self._store.pool(at.L_LOST)

    @lost_stracks.setter
    def lost_stracks(self, tracks: Iterable[STrack]) -> None:
        self._store.set_pool(at.L_LOST, tracks)

    @property
    def frame_id(self) -> int:
        """How many frames were taken."""
        return int(self._store.counters[at.C_FRAME])

    @frame_id.setter
    def frame_id(self, frame: int) -> None:
        self._store.counters[at.C_FRAME] = frame

    @property
    def max_frames_lost(self) -> float:
        """How many frames a lost track is kept."""
        return float(self._store.state.params[at.P_BUFFER])

    @max_frames_lost.setter
    def max_frames_lost(self, frames: float) -> None:
        self._store.state.params[at.P_BUFFER] = frames

    max_time_lost = max_frames_lost  # its older name

    def _scale_buffer(self) -> None:
        if self.frame_rate is not None:
            self.max_frames_lost = self._core.params.buffer.seconds(MEANT_RATE) * self.frame_rate

    def _refresh_args(self) -> None:
        """Take over what was changed in `args` since the last frame."""
        values = values_of(self.args)
        if values == self._values:
            return
        before, buffer, params = self._core.params, self.max_frames_lost, params_of(self.args)
        self._core.params, self._values = params, values
        self._store.state.params[:] = pack_params(params)
        if params.buffer_frames == before.buffer_frames:
            self.max_frames_lost = buffer  # it may have been set by hand
        else:
            self._scale_buffer()

    def reset_id(self) -> None:
        """Count ids from 1 again."""
        self._store.counters[at.C_NEXT_ID] = 0

    def reset(self) -> None:
        """Forget all tracks, ids and frames; tracks the caller keeps stay as they are."""
        buffer = self.max_frames_lost
        self._store.clear()
        self._core.reset()
        self.max_frames_lost, self.removed_stracks = buffer, []
        self.kalman_filter = self.get_kalmanfilter()

    def update(self, results: Any, img: NDArray[Any] | None = None, feats: NDArray[Any] | None = None) -> Any:
        """Take the detections of the next frame and return its tracks.

        Args:
            results: what `Tracker.update` takes, or an object with conf, cls and xywh or xywhr (Ultralytics' Boxes,
                OBB).
            img: handed to the hooks; ByteTrack itself does not look at it.
            feats: handed to the hooks; ByteTrack itself does not look at them.

        Returns:
            float32 (m, 8) x1, y1, x2, y2, id, score, class, index; rotated (m, 9) cx, cy, w, h, angle, id, score,
            class, index.

        Raises:
            TrackerError: as `Tracker.update`; the tracker is then as it was before the call.
        """
        rows = rows_of(results)
        self._refresh_args()
        self._store.kind = self.track_class
        if self._store.commit():
            self._store.sweep()
        if self._by_hooks():
            check_filter(self.kalman_filter)
            announced(load_kernels)
            return self._update_by_hooks(rows, img, feats)
        out = self._core.update(rows)
        self.removed_stracks.extend(self._store.end_step())
        del self.removed_stracks[:-KEPT_REMOVED]
        return out.astype(np.float32)

    def _by_hooks(self) -> bool:
        """Whether anything differs from what the compiled step does."""
        return (
            self._hooked
            or type(self.kalman_filter) is not KalmanFilterXYAH
            or getattr(self, "gmc", None) is not None
            or not self.__dict__.keys().isdisjoint(HOOKS)
        )

    def _update_by_hooks(self, rows: Floats, img: Any, feats: Any) -> Any:
        results = self._take(rows)
        activated: Tracks = []
        refind: Tracks = []
        lost: Tracks = []
        removed: Tracks = []
        high, low, is_high, is_low = self._split_detections(results)
        detections = self._joining(self.init_track(high, self._input_for(img, feats, is_high)))
        second = self._joining(self.init_track(low, self._input_for(img, feats, is_low)))
        unconfirmed, tracked = self._split_tracked()
        pool = pools.joint_stracks(tracked, self.lost_stracks)
        self.multi_predict(pool)
        if self._core.params.min_hits > 1:
            self.multi_predict(unconfirmed)
        self._pre_first_associate(pool, unconfirmed, img, high)
        u_track, u_detection = self._first_association(pool, detections, activated, refind)
        u_track, u_detection = self._post_first_association(
            pool, detections, u_track, u_detection, activated, refind
        )  # fmt: skip
        self._second_association(pool, u_track, second, activated, refind, lost)
        u_detection, detections = self._unconfirmed_association(
            unconfirmed, u_detection, detections, activated, removed
        )
        self._init_new_tracks(u_detection, detections, activated, refind)
        self._remove_stale_lost(removed)
        merge_track_pools(self, activated, refind, lost, removed)
        return self._format_output()

    def _take(self, rows: Floats) -> Found:
        """Check and measure the rows as the core does, and begin a frame."""
        core, store = self._core, self._store
        store.sweep()
        code = single.obstacle(rows, store.ints, store.coupled, store.params, store.counters, _STILL)
        if code == at.NEED_CAPACITY:
            store.make_room(len(rows) + len(self.tracked_stracks) + len(self.lost_stracks) + 2)
            code = single.obstacle(rows, store.ints, store.coupled, store.params, store.counters, _STILL)
        if code != at.OK:
            core._resolve(code, rows, _STILL, 0.0)  # raises what is wrong
        if len(rows):
            store.counters[at.C_COLUMNS] = rows.shape[1]
        results = Found.read(rows, store.rotated, store.classic)
        store.counters[at.C_DROPPED] += len(results) - len(results.usable)
        self.frame_id += 1
        core._clock += 1.0
        return results

    def _joining(self, detections: Iterable[STrack]) -> Tracks:
        """Let detections become tracks of this tracker when they are activated."""
        joining = list(detections)
        for detection in joining:
            detection._store = self._store
        return joining


def _overridden(tracker: type[BYTETracker], names: Iterable[str]) -> bool:
    return any(getattr_static(tracker, name) is not _PUBLISHED[name] for name in names)


_PUBLISHED = {name: getattr_static(BYTETracker, name) for name in cast("tuple[str, ...]", (*HOOKS, *_SET_NAMES))}


@cache
def load_kernels() -> None:
    """Compile or load every kernel the hooks use, once in a process."""
    tracker = BYTETracker({"compat": "classic"})
    frame = np.array([[0.0, 0.0, 9.0, 9.0, 0.9, 0.0], [50.0, 0.0, 59.0, 9.0, 0.2, 0.0]])
    for rows in (frame, frame, frame[:0]):
        tracker._update_by_hooks(rows, None, None)
    assign_dense(np.zeros((1, 1)), 1.0)
