"""Offline balls: what all windows say of a frame becomes one answer, G - 1 frames later than online.

A clip network looks at every frame T times, once at each place of its window, and tells the balls of the newest G (all,
unless it was exported with fewer `ball_frames`). Online the newest place counts, which has
no frame after it. Offline the looks at a frame are joined as TrackNetV3 joins its maps: the weight of a look falls from
the middle of the window to its ends (1, 2, ..., 2, 1; Chen and Wang 2023), its ball counts by weight x score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results import BallRecords, Results

Float = NDArray[np.float64]
REACH_PARTS = 32  # looks that lie nearer than the frame's longer side / 32 show one ball, as in the track head
MOST_BALLS = 5


@dataclass(frozen=True, slots=True)
class Look:
    """What one window says of a frame.

    Attributes:
        place: of the frame in the window, 0 the oldest.
        rows: float (K, 6) x, y, next_x, next_y, score, class in pixels of the source.
    """

    place: int
    rows: NDArray[np.float32]


@dataclass(slots=True)
class _Waiting:
    result: Results
    looks: list[Look] = field(default_factory=list)


class BallFuser:
    """Holds results back until every window has seen their frame; each comes out once, in order.

    Boxes, keypoints and everything else are those of the frame's own window; the balls are fused. Copies that pad the
    first windows are no looks. A frame of another size begins anew: what waits is finished first.

    Args:
        frames: T, frames of a window.
        told: G, the newest frames of it whose balls are told.
    """

    def __init__(self, frames: int, told: int) -> None:
        self._frames, self._told = frames, told
        self._waiting: list[_Waiting] = []

    def push(self, result: Results, window: NDArray[np.float32], conf: float) -> Iterator[Results]:
        """Take the next frame; yield the results that are finished now.

        Args:
            result: of the newest frame.
            window: what was seen in the window that ends with it, (G, K, 6) in pixels of the source.
            conf: only balls with a higher fused score stay.
        """
        if self._waiting and self._waiting[-1].result.orig_shape != result.orig_shape:
            yield from self.flush(conf)
        self._waiting.append(_Waiting(result))
        for place, rows, one in zip(
            range(self._frames - 1, -1, -1), window[::-1], reversed(self._waiting), strict=False
        ):
            one.looks.append(Look(place, rows))
        if len(self._waiting) == self._told:
            yield self._finished(self._waiting.pop(0), conf)

    def flush(self, conf: float) -> Iterator[Results]:
        """Yield what still waits: the video has ended."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            yield self._finished(one, conf)

    def _finished(self, one: _Waiting, conf: float) -> Results:
        rows = fuse(one.looks, self._frames, max(one.result.orig_shape) / REACH_PARTS)
        balls = BallRecords.of(rows[rows[:, 4] > conf].astype(np.float32))
        # What a later window said of the frame before is in that frame's own balls already.
        return replace(one.result, ball_records=balls, previous_balls=BallRecords.empty())


def weight_of(place: int, frames: int) -> int:
    """Return the weight of a place in a window: 1 at its ends, the most in its middle."""
    return min(place + 1, frames - place)


def fuse(looks: list[Look], frames: int, reach: float) -> Float:
    """Return the balls of one frame, float64 (m, 6), best first, m at most 5.

    The row with the highest weight x score is the seed of a ball; every window adds its best row within reach of it.
    Position and next are the means by weight x score, the score the mean by weight over all windows, those that do not
    see the ball counting 0. A next position counts from windows that saw the following frame, where there are any.

    Args:
        looks: what each window says of the frame.
        frames: T, frames of a window.
        reach: distance in pixels up to which two rows are one ball.
    """
    total = sum(weight_of(look.place, frames) for look in looks)
    rows = np.concatenate([look.rows for look in looks]).astype(np.float64)
    weight = np.repeat([float(weight_of(look.place, frames)) for look in looks], [len(look.rows) for look in looks])
    newest = np.repeat([look.place == frames - 1 for look in looks], [len(look.rows) for look in looks])
    source = np.repeat(np.arange(len(looks)), [len(look.rows) for look in looks])
    worth = np.where(np.isfinite(rows[:, :2]).all(axis=1) & (rows[:, 4] > 0), weight * rows[:, 4], 0.0)
    found: list[Float] = []
    while len(found) < MOST_BALLS and worth.any():
        seed = int(worth.argmax())
        near = (np.hypot(*(rows[:, :2] - rows[seed, :2]).T) <= reach) & (worth > 0)
        best = _best_of_each(np.flatnonzero(near), worth, source)
        found.append(_joined(rows[best], worth[best], newest[best], total, rows[seed, 5]))
        worth[near] = 0.0
    return np.array(sorted(found, key=lambda row: -row[4])).reshape(-1, 6)


def _best_of_each(index: NDArray[np.int64], worth: Float, source: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of each window the row that is worth most."""
    order = index[np.argsort(-worth[index], kind="stable")]
    _, first = np.unique(source[order], return_index=True)
    return order[first]


def _joined(rows: Float, worth: Float, newest: NDArray[np.bool_], total: float, label: float) -> Float:
    place = worth @ rows[:, :2] / worth.sum()
    known = np.isfinite(rows[:, 2:4]).all(axis=1)
    told = known & ~newest if (known & ~newest).any() else known
    following = worth[told] @ rows[told, 2:4] / worth[told].sum() if told.any() else np.full(2, np.nan)
    return np.array([*place, *following, min(worth.sum() / total, 1.0), label])
