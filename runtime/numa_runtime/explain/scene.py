"""What one frame looked like to the tracker: its tracks where it expected them, the detections, who took which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from numa_runtime.explain.boxes import Floats, sizes
from numa_runtime.tracking.params.associations import Standing

NOBODY = 0
"""The id that stands for "no track": ids start at 1."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """n tracks of one moment, row i of every array the same one.

    Attributes:
        ids: int64 (n,).
        standing: n of them.
        boxes: float64 (n, 4), rotated (n, 5); pixels.
        cls: int64 (n,).
        born: int64 (n,), position in the recording of the first match.
        seen: int64 (n,), position in the recording of the last match.
        taken: int64 (n,), the detection of that last match.
    """

    ids: NDArray[np.int64]
    standing: tuple[Standing, ...]
    boxes: Floats
    cls: NDArray[np.int64]
    born: NDArray[np.int64]
    seen: NDArray[np.int64]
    taken: NDArray[np.int64]

    def place(self, track_id: int) -> int:
        """Return the row of `track_id`, or -1."""
        found = np.flatnonzero(self.ids == track_id)
        return int(found[0]) if len(found) else -1

    def standing_of(self, track_id: int) -> Standing | None:
        """Return what `track_id` is, or None when it is not there."""
        at = self.place(track_id)
        return None if at < 0 else self.standing[at]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A detection of the recording: which frame, which row."""

    position: int
    detection: int


def holders_of(tracks: Tracks, position: int) -> dict[int, int]:
    """Return the id of each detection that one of these tracks took in frame `position`."""
    now = tracks.seen == position
    return dict(zip(tracks.taken[now].tolist(), tracks.ids[now].tolist(), strict=True))


@dataclass(frozen=True)
class Scene:
    """Frame `position` of a recording: `before` at their predicted boxes, `after` with what the frame did to them.

    Attributes:
        dt: nominal frames since the frame before.
        detections: float64 (n, 6) or (n, 7), the caller's.
        last_boxes: float64 (n, 4) or (n, 5), the detection that each track of `before` took last.
        ended: the tracks that this frame removed, as they were at their end; some were matched or even born in it.
    """

    position: int
    number: int
    time: float
    dt: float
    detections: Floats
    before: Tracks
    last_boxes: Floats
    after: Tracks
    ended: Tracks
    rows: Floats

    @property
    def boxes(self) -> Floats:
        """The detections' boxes, (n, 4) or (n, 5)."""
        return self.detections[:, :-2]

    @property
    def scores(self) -> Floats:
        """The detections' scores (n,)."""
        return self.detections[:, -2]

    @property
    def classes(self) -> Floats:
        """The detections' classes (n,)."""
        return self.detections[:, -1]

    @cached_property
    def holders(self) -> dict[int, int]:
        """The id that took each detection that was taken."""
        return {**holders_of(self.ended, self.position), **holders_of(self.after, self.position)}

    @cached_property
    def _takings(self) -> dict[int, int]:
        return {track_id: detection for detection, track_id in self.holders.items()}

    def holder(self, detection: int) -> int:
        """Return the id that took `detection` in this frame, or `NOBODY`."""
        return self.holders.get(detection, NOBODY)

    def taken_by(self, track_id: int) -> int:
        """Return the detection that `track_id` took in this frame, or -1."""
        return self._takings.get(track_id, -1)

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """Which detections a tracker can use: finite, with an area; bool (n,)."""
        return cast("NDArray[np.bool_]", np.isfinite(self.detections).all(axis=1) & (sizes(self.boxes) > 0).all(axis=1))

    def is_new(self, track_id: int) -> bool:
        """Whether `track_id` was born in this frame."""
        return track_id != NOBODY and self.before.place(track_id) < 0

    def predicted(self, track_id: int) -> Floats | None:
        """Return the box in which `track_id` was expected, or None when it was not there before the frame."""
        at = self.before.place(track_id)
        return None if at < 0 else cast("Floats", self.before.boxes[at])
