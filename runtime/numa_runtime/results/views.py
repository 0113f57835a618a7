"""`boxes`, `keypoints` and `balls` of a result, under the names Ultralytics users know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results.absent import absent
from numa_runtime.results.array import Array, as_array
from numa_runtime.results.phrases import box_lines
from numa_runtime.results.records import BallRecords, Detections


def _normalised(points: Any, shape: tuple[int, int]) -> Array:
    """Divide (..., 2k) pixel pairs x, y by (width, height)."""
    height, width = shape
    size = np.resize(np.array([width, height], np.float32), points.shape[-1])
    return as_array(np.asarray(points / size, np.float32))


_WAYS = {
    "xyxyxyxy": "there is no task with rotated boxes yet",
    "xywhr": "there is no task with rotated boxes yet",
    "xyxyxyxyn": "there is no task with rotated boxes yet",
    "boxes": "these are the boxes; `data` is the array",
    "masks": "there is no segment task yet; `result.masks` is None",
    "names": "class names are the result's: result.names[int(box.cls)]",
    "keypoints": "keypoints are the result's, in the same order: result.keypoints",
}


class _View:
    """What all views share: nothing in them ever lives on a device."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise absent(self, name, _WAYS)

    def cpu(self) -> Any:
        """Return self."""
        return self

    def numpy(self) -> Any:
        """Return self."""
        return self

    def to(self, *_: Any, **__: Any) -> Any:
        """Return self."""
        return self

    def cuda(self, *_: Any, **__: Any) -> Any:
        """Return self."""
        return self


@dataclass(frozen=True, repr=False)
class Boxes(_View):
    """The boxes of one frame. `orig_shape` is (height, width) in pixels."""

    records: Detections
    orig_shape: tuple[int, int]

    @property
    def xyxy(self) -> Array:
        """float32 (n, 4): x1, y1, x2, y2 in pixels."""
        return as_array(self.records.xyxy)

    @property
    def xywh(self) -> Array:
        """float32 (n, 4): centre x, centre y, width, height in pixels."""
        low, high = self.records.xyxy[:, :2], self.records.xyxy[:, 2:]
        return as_array(np.concatenate([(low + high) / 2, high - low], axis=1))

    @property
    def xyxyn(self) -> Array:
        """`xyxy` divided by the frame's width and height."""
        return _normalised(self.xyxy, self.orig_shape)

    @property
    def xywhn(self) -> Array:
        """`xywh` divided by the frame's width and height."""
        return _normalised(self.xywh, self.orig_shape)

    @property
    def conf(self) -> Array:
        """float32 (n,): scores 0-1."""
        return as_array(self.records.conf)

    @property
    def cls(self) -> Array:
        """int64 (n,): class indices into `names`."""
        return as_array(self.records.cls)

    @property
    def id(self) -> Array:
        """int64 (n,): track ids; -1 where not tracked. Always an array, never None."""
        return as_array(self.records.id)

    @property
    def is_track(self) -> bool:
        """Whether any box carries a track id."""
        return bool((self.records.id >= 0).any())

    @property
    def data(self) -> Array:
        """float32 (n, 7) x1, y1, x2, y2, id, score, class when tracked, else (n, 6) without the id."""
        r = self.records
        columns: list[NDArray[Any]] = [r.xyxy, r.id[:, None], r.conf[:, None], r.cls[:, None]]
        if not self.is_track:
            del columns[1]
        return as_array(np.concatenate(columns, axis=1).astype(np.float32))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of `data`: (n, 7) when tracked, else (n, 6)."""
        return len(self), 7 if self.is_track else 6

    def __repr__(self) -> str:
        height, width = self.orig_shape
        head = f"{len(self)} box{'es' if len(self) != 1 else ''} in {width}x{height} px"
        columns = f": {'id, ' if self.is_track else ''}class, score, x1, y1, x2, y2" if len(self) else ""
        return "\n".join([head + columns, *box_lines(self.records, {})])

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, index: Any) -> Boxes:
        return Boxes(self.records.select(index), self.orig_shape)

    def __iter__(self) -> Iterator[Boxes]:
        return (self[i] for i in range(len(self)))


@dataclass(frozen=True, repr=False)
class Keypoints(_View):
    """The keypoints of one frame, row i those of box i."""

    records: Detections
    orig_shape: tuple[int, int]

    @property
    def data(self) -> Array:
        """float32 (n, K, 3): x, y in pixels, visibility 0-1."""
        return as_array(self.records.keypoints)

    @property
    def xy(self) -> Array:
        """float32 (n, K, 2) in pixels."""
        return as_array(self.records.keypoints[..., :2])

    @property
    def xyn(self) -> Array:
        """`xy` divided by the frame's width and height."""
        return _normalised(self.xy, self.orig_shape)

    @property
    def conf(self) -> Array:
        """float32 (n, K): visibility 0-1."""
        return as_array(self.records.keypoints[..., 2])

    @property
    def has_visible(self) -> bool:
        """Whether the keypoints say how visible they are: wherever there are any."""
        return bool(self.records.keypoints.shape[1])

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of `data`: (n, K, 3)."""
        return self.records.keypoints.shape

    def __repr__(self) -> str:
        count, points = self.shape[:2]
        return f"{points} keypoints (x, y, visibility) of each of {count} objects" if points else "no keypoints"

    def __iter__(self) -> Iterator[Keypoints]:
        return (self[i] for i in range(len(self)))

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, index: Any) -> Keypoints:
        return Keypoints(self.records.select(index), self.orig_shape)


@dataclass(frozen=True, repr=False)
class Balls(_View):
    """The balls of one frame."""

    records: BallRecords
    orig_shape: tuple[int, int]

    @property
    def xy(self) -> Array:
        """float32 (m, 2): position in pixels."""
        return as_array(self.records.xy)

    @property
    def next_xy(self) -> Array:
        """float32 (m, 2): forecast for the next frame in pixels."""
        return as_array(self.records.next_xy)

    @property
    def conf(self) -> Array:
        """float32 (m,): scores 0-1."""
        return as_array(self.records.conf)

    @property
    def cls(self) -> Array:
        """int64 (m,): class indices into the contract's `ball_names`."""
        return as_array(self.records.cls)

    @property
    def id(self) -> Array:
        """int64 (m,): track ids; -1 where not tracked."""
        return as_array(self.records.id)

    def __repr__(self) -> str:
        rows = zip(self.id.tolist(), self.xy.tolist(), self.conf.tolist(), strict=True)
        balls = [f"#{number} at {x:.1f}, {y:.1f} ({score:.2f})" for number, (x, y), score in rows]
        return f"{len(balls)} ball{'s' if len(balls) > 1 else ''}: {', '.join(balls)}" if balls else "no balls"

    def __iter__(self) -> Iterator[Balls]:
        return (self[i] for i in range(len(self)))

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, index: Any) -> Balls:
        return Balls(self.records.select(index), self.orig_shape)
