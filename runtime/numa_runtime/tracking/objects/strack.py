"""`STrack`: one track (or one detection that may become one) as an object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.kernels.layout import Floats
from numa_runtime.tracking.objects import geometry, motion
from numa_runtime.tracking.objects.cells import TrackState
from numa_runtime.tracking.objects.home import NOTHING, Alone, Home
from numa_runtime.tracking.objects.kalman import KalmanFilterXYAH, check_filter
from numa_runtime.tracking.objects.slot_view import SlotView


class Admits(Home, Protocol):
    """A home that takes tracks in: a tracker's."""

    def admit(self, track: STrack) -> None:
        """Move a track into a free slot."""


class STrack(SlotView):
    """A view of one slot: its own until it is activated in a tracker, then the tracker's.

    Reading `mean` or `covariance` gives a copy that refuses to be written to; assign a whole new one instead.

    Args:
        xywh: centre x, centre y, width, height, index, or with the angle (radians) before the index; pixels.
        score: 0-1.
        cls: class number.

    Raises:
        TrackerError: not 5 or 6 numbers, or one that is not finite.
    """

    shared_kalman: Any = KalmanFilterXYAH()

    kalman_filter: Any = None
    _store: Admits | None = None  # the tracker it joins when it is activated
    _given: tuple[float, ...] = ()

    def __init__(self, xywh: ArrayLike, score: float, cls: float) -> None:
        given = np.asarray(xywh, np.float64).reshape(-1)
        if len(given) not in (5, 6):
            raise TrackerError(
                f"STrack takes 5 numbers (x, y, w, h, index) or 6 (angle before the index), not {len(given)}",
                hint="append the detection's index to its centre-based box",
            )
        self._home, self._slot, self._has_mean, self._rotated = Alone(), 0, False, len(given) == 6
        self._given = tuple(given.tolist())
        self.measure(geometry.measured_row(given, float(score), float(cls)))
        self.cls, self.idx, self.score = int(cls), int(given[-1]), float(score)

    @classmethod
    def view(cls, home: Home, slot: int, rotated: bool) -> Self:
        """Return an object for a track that is in `slot` of `home`, without calling `__init__`."""
        track = cls.__new__(cls)
        track._home, track._slot, track._has_mean, track._rotated = home, slot, True, rotated
        track.kalman_filter = cls.shared_kalman
        return track

    def activate(self, kalman_filter: Any, frame_id: int) -> None:
        """Start a track here, under a new id; it counts as activated at once on the first frames only.

        As many frames as min_hits says, normally one.
        """
        measured = self.measurement()
        if self._store is not None and self._home is not self._store:
            self._store.admit(self)
        home, slot = self._home, self._slot
        x, y, a, h = (float(v) for v in measured[at.M_X : at.M_H + 1])
        single.initiate(home.floats, home.ints, slot, x, y, a, h, False)
        single.take_measurement(home.floats, home.ints, measured[None], slot, 0, int(frame_id), home.clock_at(frame_id))
        self._has_mean, min_hits = True, home.params[at.P_MIN_HITS]
        self._take_filter(kalman_filter)
        self.track_id, self.state, self.tracklet_len = home.next_id(), TrackState.Tracked, 0
        self.start_frame, self.is_activated = int(frame_id), bool(frame_id <= min_hits or min_hits == 0)

    def _take_filter(self, kalman_filter: Any) -> None:
        self.kalman_filter, self._whole = kalman_filter, None
        if kalman_filter is not None and type(kalman_filter) is not KalmanFilterXYAH:
            check_filter(kalman_filter)
            tlwh = geometry.cornered(*geometry.sized(self._home.floats[self._slot, at.X : at.H + 1]))
            self._whole = kalman_filter.initiate(self.convert_coords(tlwh))

    def re_activate(self, new_track: STrack, frame_id: int, new_id: bool = False) -> None:
        """Go on with a track that was lost, at its new detection."""
        self._take(new_track, frame_id)
        self.tracklet_len = 0
        if new_id:
            self.track_id = self._home.next_id()

    def update(self, new_track: STrack, frame_id: int) -> None:
        """Go on with this track at its next detection."""
        length = self.tracklet_len
        self._take(new_track, frame_id)
        self.tracklet_len = length + 1

    def _take(self, new_track: STrack, frame_id: int) -> None:
        home, measured, align = self._home, new_track.measurement(), self._rotated and not self._home.classic
        clock = home.clock_at(frame_id)
        single.apply_match(
            home.floats, home.ints, home.coupled, NOTHING, measured[None], NOTHING, home.params,
            self._slot, 0, int(frame_id), clock, align,
        )  # fmt: skip
        if self._whole is not None:
            self.set_filter(*self.kalman_filter.update(*self._whole, self.convert_coords(new_track.tlwh)))

    def measurement(self) -> Floats:
        """Return this track or detection as a measured row (N_MEASURED,), with its present score and class."""
        if self._has_mean or self._measured is None:
            box = np.append(self.xywh, 0.0)
            row = geometry.measured_row(box, self.score, self.cls)
        else:
            row = self._measured.copy()
        row[at.M_SCORE], row[at.M_INDEX] = self.score, self.idx
        row[at.M_ANGLE] = self._home.floats[self._slot, at.ANGLE]
        if int(row[at.M_CLASS]) != self.cls:
            row[at.M_CLASS] = self.cls
        return row

    def mark_lost(self) -> None:
        """Make it Lost."""
        self.state = TrackState.Lost

    def mark_removed(self) -> None:
        """Make it Removed."""
        self.state = TrackState.Removed

    def predict(self) -> None:
        """Move the filter one frame on."""
        motion.predict_tracks([self])

    @staticmethod
    def multi_predict(stracks: Sequence[STrack]) -> None:
        """Move the filters of several tracks one frame on."""
        motion.predict_tracks(stracks)

    @staticmethod
    def multi_gmc(stracks: Sequence[STrack], H: ArrayLike = motion.STILL) -> None:
        """Move tracks with the camera."""
        motion.multi_gmc(stracks, H)

    def __repr__(self) -> str:
        return f"OT_{self.track_id}_({self.start_frame}-{self.end_frame})"
