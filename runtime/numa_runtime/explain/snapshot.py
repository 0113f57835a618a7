"""Reading a tracker's state: the one place here that knows how it lies in memory."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.explain.boxes import Floats
from numa_runtime.explain.moment import Moment
from numa_runtime.explain.scene import Tracks
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.params.associations import Standing
from numa_runtime.tracking.params.filter_state import FilterState
from numa_runtime.tracking.tracker import Tracker

Ints = NDArray[np.int64]


def tracks_of(tracker: Tracker, detections: Floats) -> Tracks:
    """Return all tracks that are alive.

    Args:
        tracker: whose tracks.
        detections: those of the last frame the tracker took; `taken` of the tracks seen in it are rows of these.
    """
    return _read(tracker, _alive(tracker), tracker, detections)


def ended_of(tracker: Tracker, detections: Floats) -> Tracks:
    """Return the tracks that the last frame removed: their slots are free, but not written to yet."""
    state = tracker._state
    return _read(tracker, state.lists[at.L_ENDED_SLOT, : state.counters[at.L_ENDED_SLOT]], tracker, detections)


def _alive(tracker: Tracker) -> Ints:
    state = tracker._state
    return np.concatenate([state.lists[pool, : state.counters[pool]] for pool in (at.L_TRACKED, at.L_LOST)])


def _read(tracker: Tracker, slots: Ints, boxes_from: Tracker, detections: Floats) -> Tracks:
    """Return the tracks in `slots`, with the boxes they have in `boxes_from`."""
    state = tracker._state
    ints, floats = state.ints[slots], boxes_from._state.floats[slots]
    taken = ints[:, at.INDEX]
    if tracker.params.classic:
        taken = _rows_of(taken, floats[:, at.SCORE], detections, tracker.params)
    return Tracks(
        ids=ints[:, at.ID],
        standing=tuple(_standing(number, sure != 0) for number, sure in ints[:, [at.STATE, at.ACTIVATED]].tolist()),
        boxes=_boxes(floats, tracker.params.filter_state, int(state.counters[at.C_COLUMNS]) == 7),
        cls=ints[:, at.CLASS],
        born=ints[:, at.START] - 1,
        seen=ints[:, at.FRAME] - 1,
        taken=taken,
    )


def _standing(state: int, activated: bool) -> Standing:
    if not activated:
        return Standing.UNCONFIRMED
    return Standing.TRACKED if state == at.TRACKED else Standing.LOST


def _rows_of(places: Ints, scores: Floats, detections: Floats, params: Any) -> Ints:
    """Turn the classic indices, places among the high or the low detections, into rows of all of them."""
    usable, detected = np.isfinite(detections).all(axis=1), detections[:, -2]
    high = detected >= params.track_high_thresh
    heaps = np.flatnonzero(usable & ~high & (detected > params.track_low_thresh)), np.flatnonzero(usable & high)
    chosen = [heaps[score >= params.track_high_thresh] for score in scores.tolist()]
    rows = [heap[place] if place < len(heap) else -1 for place, heap in zip(places.tolist(), chosen, strict=True)]
    return np.array(rows, np.int64)


def _boxes(floats: Floats, kind: FilterState, rotated: bool) -> Floats:
    """Return the boxes of states that hold what `kind` says."""
    x, y, third, h = floats[:, at.X], floats[:, at.Y], floats[:, at.A], floats[:, at.H]
    if kind is FilterState.XYAH:
        w = third * h
    elif kind is FilterState.XYSR:
        w = np.sqrt(third * h)
        h = third / w
    else:
        w = third
    if rotated:
        return np.column_stack([x, y, w, h, floats[:, at.ANGLE]])
    return np.column_stack([x - 0.5 * w, y - 0.5 * h, x + 0.5 * w, y + 0.5 * h])


def expected(tracker: Tracker, moment: Moment) -> Tracks:
    """Return the tracks alive before `moment`, each in the box its filter predicts for it.

    A copy of the tracker takes a frame without detections at that time: what it does to a track is predict it.
    """
    ghost = deepcopy(tracker)
    features = None if moment.features is None else moment.features[:0]
    keypoints = None if moment.keypoints is None else moment.keypoints[:0]
    ghost.update(
        moment.detections[:0], timestamp=moment.timestamp, features=features, warp=moment.warp, keypoints=keypoints
    )
    return _read(tracker, _alive(tracker), ghost, moment.detections)
