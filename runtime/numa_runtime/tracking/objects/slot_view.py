"""What can be read from a track and written to it: its numbers, its filter, its box in every layout."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import ArrayLike

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.layout import Floats
from numa_runtime.tracking.objects import geometry
from numa_runtime.tracking.objects.cells import Number, TrackState
from numa_runtime.tracking.objects.home import Home
from numa_runtime.tracking.objects.kalman import read_covariance, write_covariance

_log = logging.getLogger("numa_runtime")


class SlotView:
    """Reads and writes one slot of `_home`: its numbers and its box."""

    _home: Home
    _slot: int
    _rotated: bool
    _has_mean: bool
    _measured: Floats | None = None  # as measured: a row like those of the core's `measured` block
    _whole: tuple[Floats, Floats] | None = None  # mean and covariance of a filter that is not the kernels'

    score = Number("floats", at.SCORE, float)
    is_activated = Number("ints", at.ACTIVATED, bool)
    tracklet_len = Number("ints", at.LENGTH, int)
    cls = Number("ints", at.CLASS, int)
    idx = Number("ints", at.INDEX, int)
    start_frame = Number("ints", at.START, int)
    track_id = Number("ints", at.ID, int)
    state = Number("ints", at.STATE, TrackState)

    @property
    def frame_id(self) -> int:
        """The frame it was last seen in."""
        return int(self._home.ints[self._slot, at.FRAME])

    @frame_id.setter
    def frame_id(self, frame: int) -> None:
        self._home.ints[self._slot, at.FRAME] = frame
        self._home.floats[self._slot, at.SEEN] = self._home.clock_at(frame)

    @property
    def end_frame(self) -> int:
        """The frame it was last seen in."""
        return self.frame_id

    @property
    def angle(self) -> float | None:
        """Radians, in the canonical half turn; None for upright boxes."""
        return float(self._home.floats[self._slot, at.ANGLE]) if self._rotated else None

    @angle.setter
    def angle(self, angle: float | None) -> None:
        self._rotated = angle is not None
        self._home.floats[self._slot, at.ANGLE] = angle or 0.0

    def measure(self, row: Floats) -> None:
        """Take box and angle from a measured row (N_MEASURED,)."""
        self._measured = row
        numbers = self._home.floats[self._slot]
        numbers[at.X : at.H + 1] = row[at.M_X : at.M_H + 1]
        numbers[at.ANGLE] = row[at.M_ANGLE]

    @property
    def mean(self) -> Floats | None:
        """float64 (8,), read-only: x, y, aspect, height and their velocities; None before activation."""
        if not self._has_mean:
            return None
        return _frozen(self._home.floats[self._slot, :8] if self._whole is None else self._whole[0])

    @mean.setter
    def mean(self, mean: ArrayLike | None) -> None:
        if mean is None:
            self._has_mean, self._whole = False, None
        else:
            self.set_filter(np.array(mean, np.float64), None)

    @property
    def covariance(self) -> Floats | None:
        """float64 (8, 8), read-only; None before activation."""
        if not self._has_mean:
            return None
        return _frozen(read_covariance(self._home, self._slot) if self._whole is None else self._whole[1])

    @covariance.setter
    def covariance(self, covariance: ArrayLike | None) -> None:
        if covariance is not None:
            self.set_filter(None, np.array(covariance, np.float64))

    def set_filter(self, mean: Floats | None, covariance: Floats | None) -> None:
        """Replace mean, covariance or both."""
        if self._whole is not None:
            self._whole = (
                self._whole[0] if mean is None else mean,
                self._whole[1] if covariance is None else covariance,
            )
            x, y, w, h = geometry.centred(self.tlwh)
            self._home.floats[self._slot, at.X : at.H + 1] = x, y, w / h, h
            return
        if mean is not None:
            self._home.floats[self._slot, :8] = mean
        if covariance is not None:
            write_covariance(self._home, self._slot, covariance)
        self._has_mean = True

    @property
    def _tlwh(self) -> Floats:
        """The box as it was detected, where that is known."""
        x, y, a, h = self._home.floats[self._slot, at.X : at.H + 1] if self._measured is None else self._measured[:4]
        return geometry.cornered(x, y, a * h, h)

    @_tlwh.setter
    def _tlwh(self, tlwh: ArrayLike) -> None:
        box = geometry.centred(tlwh)
        tail = [self.idx] if self.angle is None else [self.angle, self.idx]
        self.measure(geometry.measured_row(np.append(box, tail), self.score, self.cls))

    @property
    def tlwh(self) -> Floats:
        """float64 (4,): left, top, width, height; from the mean when there is one."""
        mean = self.mean
        if mean is None:
            return self._tlwh
        return geometry.cornered(mean[0], mean[1], mean[2] * mean[3], mean[3])

    @property
    def xyxy(self) -> Floats:
        """float64 (4,): x1, y1, x2, y2."""
        x, y, w, h = self.tlwh
        return np.array([x, y, x + w, y + h])

    @property
    def xywh(self) -> Floats:
        """float64 (4,): centre x, centre y, width, height."""
        return geometry.centred(self.tlwh)

    @property
    def xywha(self) -> Floats:
        """float64 (5,): centre, size and angle; without an angle `xywh`, with a warning in the log."""
        if self.angle is None:
            _log.warning("%r has no angle: xywha is xywh", self)
            return self.xywh
        return np.append(self.xywh, self.angle)

    @property
    def result(self) -> list[float]:
        """One row of the output: box, id, score, class, index."""
        box = self.xyxy if self.angle is None else self.xywha
        return [*box.tolist(), self.track_id, self.score, self.cls, self.idx]

    @staticmethod
    def tlwh_to_xyah(tlwh: ArrayLike) -> Floats:
        """Return centre x, centre y, aspect (width / height), height."""
        return geometry.xyah(tlwh)

    def convert_coords(self, tlwh: ArrayLike) -> Floats:
        """Return a box as the filter measures it; a subclass with a filter of its own may override it."""
        return self.tlwh_to_xyah(tlwh)


def _frozen(array: Floats) -> Floats:
    copy = array.copy()
    copy.flags.writeable = False
    return copy
