"""Which row of one result is which row of another: by where it lies, not by its place in the list."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_runtime.golden.rows import Float, Int, Rows

BALL_REACH_PX = 2.0
_PX_PER_SCORE = 100.0
_BLOCK = 1 << 20  # pairs looked at together
_MOST = 32  # partners considered for a row in one round
_ROUNDS = 8
_ROUNDING_PX = 1e-3


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
    almost fully, do not swap. Memory stays bounded for any number of rows. Rows that are not numbers have no partner.

    Args:
        one: rows of one side.
        two: rows of the other side, of the same kind.
        iou: boxes may pair from this overlap on.
    """
    ones, twos = _alike(one), _alike(two)
    found: list[tuple[int, int]] = []
    for key in [key for key in ones if key in twos]:
        _match(ones[key], twos[key], found)
    for _ in range(_ROUNDS):
        left, right = ([rows for rows in side.values() if rows] for side in (ones, twos))
        before = len(found)
        for row, column in _nearest(_firsts(one, left), _firsts(two, right), iou):
            _match(left[row], right[column], found)
        if len(found) == before:
            break
    table = np.asarray(found, np.int64).reshape(-1, 2)
    return Pairs(table[:, 0], table[:, 1])


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


def _alike(rows: Rows) -> dict[bytes, deque[int]]:
    """Return the rows of numbers, those together that are equal to the bit: a network may give thousands of them."""
    classes = rows.classes if rows.scores.shape[1] == 1 else np.zeros(len(rows))
    # Adding 0 turns -0 into 0.
    table = np.column_stack([rows.geometry, rows.best, classes, rows.frame]).astype(np.float64) + 0.0
    groups: dict[bytes, deque[int]] = defaultdict(deque)
    for index in np.flatnonzero(np.isfinite(table).all(axis=1)).tolist():
        groups[table[index].tobytes()].append(index)
    return groups


def _firsts(rows: Rows, groups: list[deque[int]]) -> Rows:
    return rows.select(np.array([group[0] for group in groups], np.int64))


def _match(first: deque[int], second: deque[int], found: list[tuple[int, int]]) -> None:
    """Pair the members of two groups until one of them has no more."""
    while first and second:
        found.append((first.popleft(), second.popleft()))


def _nearest(one: Rows, two: Rows, iou: float) -> Iterator[tuple[int, int]]:
    """Yield which rows may pair, nearest first: for each row of `one` its `_MOST` nearest at most.

    In blocks, because 25,200 rows with themselves are 635 million pairs. Both sides are sorted by their left edges,
    so that a block meets only those rows that it can reach.
    """
    by_left, by_left_two = _by_left(one), _by_left(two)
    edges = two.geometry[by_left_two, 0]
    step = max(1, _BLOCK // max(1, len(two)))
    found = [np.zeros((3, 0))]
    for start in range(0, len(one), step):
        rows = by_left[start : start + step]
        left, reach = one.geometry[rows, 0], _reach(one, rows, iou)
        low = np.searchsorted(edges, (left - reach).min())
        high = np.searchsorted(edges, (left + reach).max(), side="right")
        found.append(_block(one, two, rows, by_left_two[low:high], iou))
    rows, columns, distance = np.concatenate(found, axis=1)
    order = np.lexsort((columns, rows, distance))
    yield from zip(rows[order].astype(int).tolist(), columns[order].astype(int).tolist(), strict=True)


def _block(one: Rows, two: Rows, rows: Int, columns: Int, iou: float) -> NDArray[np.float64]:
    """Return row, column and distance of the pairs that may be, float64 (3, p)."""
    part, other = one.select(rows), two.select(columns)
    r, c = np.nonzero(_allowed(part, other, iou))
    distance = np.abs(part.geometry[r] - other.geometry[c]).max(axis=1, initial=0.0)
    distance = distance + _PX_PER_SCORE * np.abs(part.best[r] - other.best[c])
    order = np.lexsort((distance, r))
    order = order[np.arange(len(r)) - np.searchsorted(r, r) < _MOST]
    return np.stack([rows[r[order]], columns[c[order]], distance[order]]).astype(np.float64)


def _by_left(rows: Rows) -> Int:
    return np.lexsort((rows.best, rows.geometry[:, 1], rows.geometry[:, 0]))


def _reach(rows: Rows, index: Int, iou: float) -> NDArray[np.float32]:
    """Return how far the left edge of a partner can lie from that of each row.

    Where boxes overlap by t, so do their widths: the edges differ by at most (1 - t) of the union, which is at most
    width / t.
    """
    if rows.kind == "balls":
        return np.full(len(index), BALL_REACH_PX + _ROUNDING_PX, np.float32)
    width = (rows.geometry[index, 2] - rows.geometry[index, 0]).clip(0)
    return np.asarray(width * (1 - iou) / iou * 1.001 + _ROUNDING_PX, np.float32)


def _allowed(one: Rows, two: Rows, iou: float) -> NDArray[np.bool_]:
    if one.kind == "balls":
        apart = np.abs(one.geometry[:, None, :2] - two.geometry[None, :, :2]).max(axis=2, initial=0.0)
        near = (apart <= BALL_REACH_PX) & (one.frame[:, None] == two.frame[None])
    else:
        near = overlaps(one.geometry, two.geometry) >= iou
    if one.scores.shape[1] == 1:
        near &= one.classes[:, None] == two.classes[None]
    return np.asarray(near, np.bool_)
