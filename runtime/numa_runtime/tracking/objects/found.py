"""The detections of one frame as the hooks see them: `conf`, `cls`, boxes, and indexing by a mask."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.inputs import as_rows
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.kernels.layout import Floats, Ints


class Found:
    """n detections with the core's measured rows; of a dropped (degenerate) one every number is NaN.

    Attributes:
        measured: float64 (n, N_MEASURED).
        xywh: float64 (n, 4), centre x, centre y, width, height.
        index: what the tracks report: the caller's row, or (`renumber`, as the classic tracker does) the place in the
            subset that a mask selected.
    """

    def __init__(self, measured: Floats, boxes: Floats, rotated: bool, renumber: bool) -> None:
        self.measured, self.xywh, self.rotated, self.renumber = measured, boxes, rotated, renumber

    @classmethod
    def read(cls, rows: Floats, rotated: bool, classic: bool) -> Found:
        """Measure `rows` (n, 6) or rotated (n, 7); what the core would drop becomes NaN."""
        kept = np.zeros((max(len(rows), 1), at.N_MEASURED))
        n = single.read_detections(rows, kept, classic)
        measured = np.full((len(rows), at.N_MEASURED), np.nan)
        measured[kept[:n, at.M_INDEX].astype(np.int64)] = kept[:n]
        x, y, h = measured[:, [at.M_X, at.M_Y, at.M_H]].T
        width = rows[:, 2] if rotated else rows[:, 2] - rows[:, 0]  # not aspect times height, which may be inf times 0
        return cls(measured, np.column_stack([x, y, width, h]), rotated, classic)

    def __len__(self) -> int:
        return len(self.measured)

    def __getitem__(self, which: Any) -> Found:
        where = np.atleast_1d(np.arange(len(self))[np.asarray(which)])
        part = self.measured[where]
        if self.renumber:
            part[:, at.M_INDEX] = np.arange(len(part))
        return Found(part, self.xywh[where], self.rotated, self.renumber)

    def _column(self, column: int) -> Floats:
        return self.measured[:, column]

    @property
    def usable(self) -> Ints:
        """The rows that are not dropped."""
        return np.flatnonzero(np.isfinite(self.measured[:, at.M_SCORE])).astype(np.int64)

    @property
    def conf(self) -> Floats:
        """float64 (n,): scores 0-1."""
        return self._column(at.M_SCORE)

    @property
    def cls(self) -> Floats:
        """float64 (n,): classes."""
        return self._column(at.M_CLASS)

    @property
    def index(self) -> Floats:
        """float64 (n,): what tracks report as their detection's index."""
        return self._column(at.M_INDEX)

    @property
    def xywhr(self) -> Floats:
        """float64 (n, 5): `xywh` and the angle in radians; rotated boxes only."""
        if not self.rotated:
            raise AttributeError("upright boxes have no xywhr")
        return np.column_stack([self.xywh, self.measured[:, at.M_ANGLE]])

    @property
    def xyxy(self) -> Floats:
        """float64 (n, 4): corners; of a rotated box those of the box before it is turned."""
        box = self.xywh
        return np.concatenate([box[:, :2] - 0.5 * box[:, 2:], box[:, :2] + 0.5 * box[:, 2:]], axis=1)


def rows_of(results: Any) -> Floats:
    """Return what `BYTETracker.update` accepts as float64 rows (n, 6) or rotated (n, 7).

    Besides all that `Tracker.update` takes: objects with `conf`, `cls` and `xywh` or `xywhr` (Ultralytics' Boxes
    and OBB, our `results.Boxes`), tensors on any device included.

    Raises:
        TrackerError: not numbers, or not of these shapes.
    """
    rotated = hasattr(results, "xywhr")
    if not (hasattr(results, "conf") and hasattr(results, "cls") and (rotated or hasattr(results, "xywh"))):
        return as_rows(results)
    conf, classes = _plain(results.conf).reshape(-1), _plain(results.cls).reshape(-1)
    if rotated:
        boxes = _plain(results.xywhr).reshape(-1, 5)
    elif hasattr(results, "xyxy"):
        boxes = _plain(results.xyxy).reshape(-1, 4)
    else:
        centred = _plain(results.xywh).reshape(-1, 4)
        boxes = np.concatenate([centred[:, :2] - 0.5 * centred[:, 2:], centred[:, :2] + 0.5 * centred[:, 2:]], axis=1)
    if not len(boxes) == len(conf) == len(classes):
        raise TrackerError(
            f"{len(boxes)} boxes come with {len(conf)} scores and {len(classes)} classes",
            hint="give every box one score and one class",
        )
    return np.ascontiguousarray(np.column_stack([boxes, conf, classes]), np.float64)


def _plain(values: Any) -> NDArray[np.float64]:
    """Return array or tensor as float64."""
    host = values.cpu() if hasattr(values, "cpu") else values
    return np.asarray(host, np.float64)


def parse_bboxes(results: Any) -> Floats:
    """Return centre-based boxes with their index: float64 (n, 5), rotated (n, 6) with the angle before it.

    Raises:
        TrackerError: `results` is not of a type that `BYTETracker.update` takes.
    """
    if not isinstance(results, Found):
        rows = rows_of(results)
        results = Found.read(rows, rows.shape[1] == 7, True)
    boxes = results.xywhr if results.rotated else results.xywh
    return np.column_stack([boxes, results.index])
