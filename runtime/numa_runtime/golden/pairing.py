"""Which row of one result is which row of another: by where it lies, not by its place in the list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_runtime.golden.rows import Float, Int, Rows

BALL_REACH_PX = 2.0
_PX_PER_SCORE = 100.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Row `first[i]` of one side is row `second[i]` of the other, both int64 (p,)."""

    first: Int
    second: Int


@dataclass(frozen=True, slots=True)
class Difference:
    """Absolute errors of paired rows.

    Attributes:
        geometry: pixels.
        scores: 0-1.
        keypoints: pixels.
        visibility: 0-1.
        features: the distance between two features of length 1; infinite where one side has none, empty where neither
            has.
    """

    geometry: Float
    scores: Float
    keypoints: Float
    visibility: Float
    features: Float


def pair(one: Rows, two: Rows, *, iou: float) -> Pairs:
    """Pair rows one to one, nearest first.

    Balls of the same frame may pair within `BALL_REACH_PX`, and finished rows (one score each) only within a class.
    Near = largest coordinate error plus 100 x score error, so that neighbouring anchors of one object, which overlap
    almost fully, do not swap.

    Args:
        one: rows of one side.
        two: rows of the other side, of the same kind.
        iou: boxes may pair from this overlap on.
    """
    allowed = _allowed(one, two, iou)
    rows, columns = np.nonzero(allowed)
    distance = np.abs(one.geometry[rows] - two.geometry[columns]).max(axis=1, initial=0.0)
    distance = distance + _PX_PER_SCORE * np.abs(one.best[rows] - two.best[columns])
    order = np.argsort(distance, kind="stable")
    return _greedy(rows[order], columns[order], len(one), len(two))


def difference(one: Rows, two: Rows, pairs: Pairs) -> Difference:
    """Return the errors of each pair, flattened."""
    a, b = one.select(pairs.first), two.select(pairs.second)
    points = np.abs(a.keypoints - b.keypoints)
    return Difference(
        np.abs(a.geometry - b.geometry).ravel(),
        np.abs(a.scores - b.scores).ravel(),
        points[..., :2].ravel(),
        points[..., 2:].ravel(),
        _apart(a.features, b.features),
    )


def _apart(one: Float | None, two: Float | None) -> Float:
    if one is None and two is None:
        return np.zeros(0, np.float32)
    if one is None or two is None or one.shape != two.shape:
        return np.full(max(len(side) for side in (one, two) if side is not None), np.inf, np.float32)
    return np.asarray(np.linalg.norm(one - two, axis=1), np.float32)


def overlaps(one: Float, two: Float) -> Float:
    """Return IoU (n, m) of boxes x1, y1, x2, y2; identical empty boxes overlap fully."""
    low = np.maximum(one[:, None, :2], two[None, :, :2])
    high = np.minimum(one[:, None, 2:], two[None, :, 2:])
    common = np.clip(high - low, 0, None).prod(axis=2)
    area_one = np.clip(one[:, 2:] - one[:, :2], 0, None).prod(axis=1)
    area_two = np.clip(two[:, 2:] - two[:, :2], 0, None).prod(axis=1)
    union = area_one[:, None] + area_two[None, :] - common
    same = (one[:, None] == two[None]).all(axis=2)
    return np.where(same, np.float32(1), common / np.maximum(union, 1e-9)).astype(np.float32)


def _allowed(one: Rows, two: Rows, iou: float) -> NDArray[np.bool_]:
    if one.kind == "balls":
        apart = np.abs(one.geometry[:, None, :2] - two.geometry[None, :, :2]).max(axis=2, initial=0.0)
        near = (apart <= BALL_REACH_PX) & (one.frame[:, None] == two.frame[None])
    else:
        near = overlaps(one.geometry, two.geometry) >= iou
    if one.scores.shape[1] == 1:
        near &= one.classes[:, None] == two.classes[None]
    return np.asarray(near, np.bool_)


def _greedy(rows: Int, columns: Int, count_one: int, count_two: int) -> Pairs:
    taken_one, taken_two = np.zeros(count_one, bool), np.zeros(count_two, bool)
    first, second = [], []
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if not taken_one[row] and not taken_two[column]:
            taken_one[row] = taken_two[column] = True
            first.append(row)
            second.append(column)
    return Pairs(np.asarray(first, np.int64), np.asarray(second, np.int64))
