"""Costs between tracks and detections (or other tracks), as objects, and their assignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.kernels.grid import CELLS_LENGTH
from numa_runtime.tracking.kernels.layout import Floats, Ints

if TYPE_CHECKING:
    from numa_runtime.tracking.objects.strack import STrack


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of n rows and m columns that cost less than a limit; row i's are start[i] to start[i + 1]."""

    n: int
    m: int
    shapes: Floats
    lists: Ints
    columns: Ints
    costs: Floats

    @property
    def rows(self) -> Ints:
        """int64 (pairs,): each pair's row."""
        starts = self.lists[at.L_ROW_START, : self.n + 1]
        return np.repeat(np.arange(self.n), np.diff(starts))

    def matrix(self) -> Floats:
        """Return the costs as float64 (n, m), infinite where there is no pair."""
        matrix = np.full((self.n, self.m), inf)
        matrix[self.rows, self.columns] = self.costs
        # a box without an area (classic semantics let them in) is near nothing, as in the compiled step
        matrix[~np.isfinite(self.shapes[0, : self.n, at.S_AREA])] = inf
        matrix[:, ~np.isfinite(self.shapes[1, : self.m, at.S_AREA])] = inf
        return matrix

    def match(self, limit: float) -> tuple[Ints, Ints]:
        """Match optimally under `limit`; return the row's column (n,) and the column's row (m,), -1 for none."""
        single.solve(self.n, self.m, limit, self.shapes, self.lists, self.columns, self.costs)
        return self.lists[at.L_ROW_MATCH, : self.n], self.lists[at.L_COL_MATCH, : self.m]


def find_pairs(tracks: Sequence[STrack], others: Sequence[STrack], limit: float, fuse: bool, per_class: bool) -> Pairs:
    """Find the pairs whose cost is below a limit.

    The cost is 1 - IoU. Rotated boxes are compared by probabilistic IoU.

    Args:
        tracks: one side.
        others: the other side.
        limit: of the cost.
        fuse: multiply the IoU by the other's score.
        per_class: pair within a class only.
    """
    n, m = len(tracks), len(others)
    width = max(n, m) + 1
    shapes = np.zeros((2, width, at.N_SHAPES))
    lists = np.zeros((at.N_LISTS, width), np.int64)
    cells = np.zeros(CELLS_LENGTH * width, np.int64)
    columns, costs = np.zeros(8 * width, np.int64), np.zeros(8 * width)
    if n == 0 or m == 0:
        return Pairs(n, m, shapes, lists, columns[:0], costs[:0])
    rotated = tracks[0].angle is not None and others[0].angle is not None
    _shape_tracks(tracks, shapes[0], rotated, limit)
    if all(other._has_mean for other in others) and not fuse:
        _shape_tracks(others, shapes[1], rotated, limit)
    else:
        measured = np.stack([other.measurement() for other in others])
        single.shape_detections(measured, np.arange(m), shapes[1], rotated, limit)
    while True:
        found = single.find_pairs(shapes, n, m, limit, fuse, per_class, rotated, lists, cells, columns, costs)
        if found <= len(costs):
            return Pairs(n, m, shapes, lists, columns[:found], costs[:found])
        columns, costs = np.zeros(found, np.int64), np.zeros(found)


def _shape_tracks(tracks: Sequence[STrack], shape: Floats, rotated: bool, limit: float) -> None:
    home = tracks[0]._home
    if all(track._home is home for track in tracks):
        slots = np.array([track._slot for track in tracks], np.int64)
        single.shape_tracks(home.floats, home.ints, slots, shape, rotated, limit)
        return
    floats = np.stack([track._home.floats[track._slot] for track in tracks])
    ints = np.stack([track._home.ints[track._slot] for track in tracks])
    single.shape_tracks(floats, ints, np.arange(len(tracks)), shape, rotated, limit)


def match_matrix(dists: object, limit: float) -> tuple[Ints, Ints]:
    """Match a cost matrix (n, m) made elsewhere, under `limit`; as `Pairs.match`."""
    return single.assign_dense(np.ascontiguousarray(dists, np.float64), limit)
