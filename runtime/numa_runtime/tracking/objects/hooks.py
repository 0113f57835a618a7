"""The stages of one frame as methods a subclass may override, each on the core's kernels."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.objects import distances, motion
from numa_runtime.tracking.objects.cells import TrackState
from numa_runtime.tracking.objects.found import Found, parse_bboxes, rows_of
from numa_runtime.tracking.objects.kalman import KalmanFilterXYAH
from numa_runtime.tracking.objects.store import Store
from numa_runtime.tracking.objects.strack import STrack
from numa_runtime.tracking.params.associations import Stage

_log = logging.getLogger("numa_runtime")
Tracks = list[STrack]
Mask = NDArray[np.bool_]


class Hooks:
    """What `BYTETracker.update` calls, in this order unless said otherwise.

    `stage` is the association that is going on; a `get_dists` of one's own may ask it.
    """

    track_class: type[STrack] = STrack
    kalman_filter: Any
    stage: Stage
    frame_id: int
    tracked_stracks: Tracks
    lost_stracks: Tracks
    _store: Store

    def get_kalmanfilter(self) -> Any:
        """Return the filter that tracks are started with (called by __init__ and reset)."""
        return KalmanFilterXYAH()

    def _split_detections(self, results: Found) -> tuple[Any, Any, Mask, Mask]:
        """Return detections of high and of low score, and bool (n,) masks of which those are."""
        state, usable = self._store.state, results.usable
        kept = results.measured[usable]
        single.split_detections(kept, len(usable), state.params, state.lists, state.counters)
        masks = np.zeros((2, len(results)), np.bool_)
        for mask, which in zip(masks, (at.L_HIGH, at.L_LOW), strict=True):
            mask[usable[self._store.read(which)]] = True
        return results[masks[0]], results[masks[1]], masks[0], masks[1]

    def _input_for(self, img: Any, feats: Any, mask: Mask) -> Any:
        """Return what `init_track` gets in addition to the detections: their rows of `feats`, or the image."""
        return feats[mask] if feats is not None and len(feats) else img

    def init_track(self, results: Any, img: Any = None) -> Tracks:
        """Return a `track_class` for each detection (called for the high ones, then for the low ones)."""
        found = self._found(results)
        boxes, tracks = parse_bboxes(found), []
        for k in found.usable:
            track = self.track_class(boxes[k], float(found.conf[k]), float(found.cls[k]))
            if track._given == tuple(boxes[k].tolist()):  # the very numbers, not the box computed back from its centre
                track.measure(found.measured[k].copy())
            tracks.append(track)
        return tracks

    def _found(self, results: Any) -> Found:
        if isinstance(results, Found):
            return results
        rows = rows_of(results)
        return Found.read(rows, rows.shape[1] == 7, self._store.classic)

    def _split_tracked(self) -> tuple[Tracks, Tracks]:
        """Return the tracked list in two: unconfirmed (never activated) and activated."""
        tracked = self.tracked_stracks
        return [t for t in tracked if not t.is_activated], [t for t in tracked if t.is_activated]

    def multi_predict(self, tracks: Sequence[STrack]) -> None:
        """Move the filters of the pool (activated and lost tracks) one frame on."""
        self.track_class.multi_predict(tracks)

    def _pre_first_associate(self, strack_pool: Tracks, unconfirmed: Tracks, img: Any, results_high: Any) -> None:
        """Move all tracks with the camera, if the tracker has a `gmc` (`apply(img, boxes)` -> (2, 3)) and an image."""
        gmc = getattr(self, "gmc", None)
        if gmc is None or getattr(gmc, "method", gmc) is None or img is None:
            return
        try:
            warp: ArrayLike = gmc.apply(img, results_high.xyxy)
        except Exception as error:
            _log.warning("camera motion failed, none is assumed: %s", error)
            warp = motion.STILL
        motion.multi_gmc([*strack_pool, *unconfirmed], warp)

    def get_dists(self, tracks: Sequence[STrack], detections: Sequence[STrack]) -> Any:
        """Return the costs (n, m) of the association that `stage` names (called by all three)."""
        params = self._store.state.params
        fused, per_class = bool(params[at.P_FUSE + self.stage]), bool(params[at.P_PER_CLASS])
        return distances.find_pairs(tracks, detections, np.inf, fused, per_class).matrix()

    def _match(self, tracks: Tracks, found: Tracks, stage: Stage) -> tuple[NDArray[np.int64], list[int], list[int]]:
        """Return matches (k, 2), and the rows and columns without one."""
        self.stage = stage
        params = self._store.state.params
        limit, fused = float(params[at.P_LIMIT + stage]), bool(params[at.P_FUSE + stage])
        if getattr(self.get_dists, "__func__", None) is Hooks.get_dists:  # no full matrix unless a hook reads it
            pairs = distances.find_pairs(tracks, found, limit, fused, bool(params[at.P_PER_CLASS]))
            columns, rows = pairs.match(limit)
        elif tracks and found:
            columns, rows = distances.match_matrix(self.get_dists(tracks, found), limit)
        else:
            columns, rows = np.full(len(tracks), -1), np.full(len(found), -1)
        matched = np.flatnonzero(columns >= 0)
        matches = np.column_stack([matched, columns[matched]])
        return matches, np.flatnonzero(columns < 0).tolist(), np.flatnonzero(rows < 0).tolist()

    def _first_association(
        self, strack_pool: Tracks, detections: Tracks, activated: Tracks, refind: Tracks
    ) -> tuple[list[int], list[int]]:
        """Match the pool with the high detections; return the indices of both that are left."""
        matches, u_track, u_detection = self._match(strack_pool, detections, Stage.FIRST)
        self._apply_matches(matches, strack_pool, detections, activated, refind)
        return u_track, u_detection

    def _post_first_association(
        self,
        strack_pool: Tracks,
        detections: Tracks,
        u_track: list[int],
        u_detection: list[int],
        activated: Tracks,
        refind: Tracks,
    ) -> tuple[list[int], list[int]]:
        """Return the unmatched indices, changed or not."""
        return u_track, u_detection

    def _second_association(
        self,
        strack_pool: Tracks,
        u_track: list[int],
        detections_second: Tracks,
        activated: Tracks,
        refind: Tracks,
        lost: Tracks,
    ) -> None:
        """Match what is left and was Tracked with the low detections; the others become Lost."""
        rest = [strack_pool[i] for i in u_track if strack_pool[i].state == TrackState.Tracked]
        matches, unmatched, _ = self._match(rest, detections_second, Stage.SECOND)
        self._apply_matches(matches, rest, detections_second, activated, refind)
        for i in unmatched:
            rest[i].mark_lost()
            lost.append(rest[i])

    def _unconfirmed_association(
        self, unconfirmed: Tracks, u_detection: list[int], detections: Tracks, activated: Tracks, removed: Tracks
    ) -> tuple[list[int], Tracks]:
        """Match unconfirmed tracks with the high detections left; return the indices left and what they index."""
        rest = [detections[i] for i in u_detection]
        matches, unmatched, left = self._match(unconfirmed, rest, Stage.UNCONFIRMED)
        self._apply_matches(matches, unconfirmed, rest, activated, activated)
        for i in unmatched:
            unconfirmed[i].mark_removed()
            removed.append(unconfirmed[i])
        return left, rest

    def _init_new_tracks(
        self, u_detection: list[int], detections: Tracks, activated: Tracks, refind: Tracks | None = None
    ) -> None:
        """Start a track from each detection left that scores enough."""
        threshold = self._store.state.params[at.P_NEW]
        for i in u_detection:
            if detections[i].score >= threshold:
                detections[i].activate(self.kalman_filter, self.frame_id)
                activated.append(detections[i])

    def _remove_stale_lost(self, removed: Tracks) -> None:
        """Remove lost tracks that were not seen for more than max_frames_lost."""
        store = self._store
        store.commit()
        store.write(at.L_ENDED_SLOT, [])
        state = store.state
        clock = self._core_clock
        single.remove_stale(state.floats, state.ints, state.history, state.params, state.lists, state.counters, clock)
        removed.extend(store.object_at(slot) for slot in store.read(at.L_ENDED_SLOT))

    @property
    def _core_clock(self) -> float:
        return self._store.clock_at(self.frame_id)

    def _apply_matches(
        self, matches: Iterable[Any], pool: Tracks, detections: Tracks, activated: Tracks, refind: Tracks
    ) -> None:
        """Give each matched track its detection (called by all three associations)."""
        for i, j in matches:
            self._apply_match(pool[i], detections[j], activated, refind)

    def _apply_match(self, track: STrack, det: STrack, activated: Tracks, refind: Tracks) -> None:
        """Give one track its detection: a Tracked one goes on, another is found again."""
        if track.state == TrackState.Tracked:
            track.update(det, self.frame_id)
            activated.append(track)
        else:
            track.re_activate(det, self.frame_id, new_id=False)
            refind.append(track)

    def _format_output(self) -> Any:
        """Return the activated tracks as float32 rows, last of all."""
        store = self._store
        tracked = [track for track in self.tracked_stracks if track.is_activated]
        width = 9 if store.rotated else 8
        if self.track_class.result is not STrack.result:
            return np.array([track.result for track in tracked], np.float32).reshape(-1, width)
        slots = np.array([track._slot for track in tracked], np.int64)
        rows = np.empty((len(slots), width))
        single.number_tracks(store.ints, slots, store.counters)
        single.format_tracks(store.floats, store.ints, slots, store.rotated, rows)
        return rows.astype(np.float32)
