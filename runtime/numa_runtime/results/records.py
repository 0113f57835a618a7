"""What was found in one frame, as records that are only ever cut or extended as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float32]
Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Detections:
    """n detections; row i of every array is one and the same object.

    Attributes:
        xyxy: float32 (n, 4), pixels of the frame.
        conf: float32 (n,).
        cls: int64 (n,).
        keypoints: float32 (n, K, 3) x, y, visibility; K = 0 for networks without.
        id: int64 (n,), -1 = not tracked.
        features: float32 (n, C) of length 1, what each object looks like to the network; None where the artifact
            gives none.
        whole: float32 (n, 4), the tracker's boxes of objects that go beyond the frame, of which `xyxy` is what lies in
            it; None where `xyxy` is all there is.
        rescued: bool (n,), tracks that only a low detection kept in this frame; None where nothing is tracked.
    """

    xyxy: Float
    conf: Float
    cls: Int
    keypoints: Float
    id: Int
    features: Float | None = None
    whole: Float | None = None
    rescued: NDArray[np.bool_] | None = None

    @classmethod
    def of(
        cls,
        xyxy: ArrayLike,
        conf: ArrayLike,
        classes: ArrayLike,
        keypoints: ArrayLike | None = None,
        features: ArrayLike | None = None,
    ) -> Detections:
        """Make untracked detections from anything array-like; dtypes and ranks are fixed here, once."""
        boxes = np.asarray(xyxy, np.float32).reshape(-1, 4)
        count = len(boxes)
        points = np.zeros((count, 0, 3), np.float32) if keypoints is None else np.asarray(keypoints, np.float32)
        return cls(
            boxes,
            np.asarray(conf, np.float32).reshape(count),
            np.asarray(classes).astype(np.int64).reshape(count),
            points,
            np.full(count, -1, np.int64),
            None if features is None else np.asarray(features, np.float32).reshape(count, np.shape(features)[-1]),
        )

    @classmethod
    def empty(cls, keypoints: int = 0) -> Detections:
        """Return no detections, with `keypoints` keypoints each."""
        return cls.of(np.zeros((0, 4)), [], [], np.zeros((0, keypoints, 3)))

    def __len__(self) -> int:
        return len(self.xyxy)

    def select(self, index: Any) -> Detections:
        """Return the records at `index` (mask, slice, integer or integer array), whole."""
        where = np.atleast_1d(np.arange(len(self))[index])
        features = None if self.features is None else self.features[where]
        whole = None if self.whole is None else self.whole[where]
        rescued = None if self.rescued is None else self.rescued[where]
        return Detections(
            self.xyxy[where],
            self.conf[where],
            self.cls[where],
            self.keypoints[where],
            self.id[where],
            features,
            whole,
            rescued,
        )

    def with_blank(self) -> Detections:
        """Return the same records and one more, last, that nothing is known of: zeros, no keypoint seen, id -1."""
        return Detections(
            _longer(self.xyxy),
            _longer(self.conf),
            _longer(self.cls),
            _longer(self.keypoints),
            _longer(self.id + 1) - 1,
            None if self.features is None else _longer(self.features),
            None if self.whole is None else _longer(self.whole),
            None if self.rescued is None else _longer(self.rescued),
        )

    def with_ids(self, ids: ArrayLike) -> Detections:
        """Return the same records with track ids (n,)."""
        return replace(self, id=np.asarray(ids, np.int64).reshape(len(self)))

    def with_boxes(self, xyxy: ArrayLike, keypoints: ArrayLike) -> Detections:
        """Return the same records with moved boxes (n, 4), which are all there is, and keypoints (n, K, 3)."""
        return replace(
            self,
            xyxy=np.asarray(xyxy, np.float32).reshape(len(self), 4),
            keypoints=np.asarray(keypoints, np.float32).reshape(self.keypoints.shape),
            whole=None,
        )

    def within(self, height: int, width: int) -> Detections:
        """Return the records that are seen in a frame of this size: boxes cut at its edges, those outside it left out.

        What they were is kept in `whole`.
        """
        edges = np.array([width, height, width, height], np.float32)
        cut = np.clip(self.xyxy, 0, edges)
        if (cut == self.xyxy).all():
            return self
        seen = (cut[:, 2:] > cut[:, :2]).all(axis=1)
        return replace(self, xyxy=cut, whole=self.xyxy).select(seen)

    def rows(self) -> NDArray[np.float64]:
        """Return float64 (n, 6): x1, y1, x2, y2, score, class, as `Tracker.update` takes them."""
        return np.column_stack([self.xyxy, self.conf, self.cls]).astype(np.float64).reshape(-1, 6)


def _longer(rows: NDArray[Any]) -> NDArray[Any]:
    """Return a copy with one row of zeros more."""
    return np.concatenate([rows, np.zeros((1, *rows.shape[1:]), rows.dtype)])


@dataclass(frozen=True, slots=True)
class BallRecords:
    """m balls of one frame.

    Attributes:
        xy: float32 (m, 2), pixels.
        next_xy: float32 (m, 2), pixels.
        conf: (m,).
        cls: int64 (m,).
        id: int64 (m,).
    """

    xy: Float
    next_xy: Float
    conf: Float
    cls: Int
    id: Int

    @classmethod
    def of(cls, rows: ArrayLike) -> BallRecords:
        """Make untracked balls from (m, 6) rows x, y, next_x, next_y, score, class."""
        table = np.asarray(rows, np.float32).reshape(-1, 6)
        classes = table[:, 5].astype(np.int64)
        return cls(table[:, :2], table[:, 2:4], table[:, 4], classes, np.full(len(table), -1, np.int64))

    @classmethod
    def empty(cls) -> BallRecords:
        """Return no balls."""
        return cls.of(np.zeros((0, 6)))

    def __len__(self) -> int:
        return len(self.xy)

    def rows(self) -> NDArray[np.float64]:
        """Return float64 (m, 6): x, y, next_x, next_y, score, class, as `BallTracker.update` takes them."""
        return np.column_stack([self.xy, self.next_xy, self.conf, self.cls]).astype(np.float64).reshape(-1, 6)

    def select(self, index: Any) -> BallRecords:
        """Return the records at `index`, whole."""
        where = np.atleast_1d(np.arange(len(self))[index])
        return BallRecords(self.xy[where], self.next_xy[where], self.conf[where], self.cls[where], self.id[where])
