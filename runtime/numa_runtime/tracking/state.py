"""One tracker's memory: preallocated blocks that grow by doubling."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.grid import CELLS_LENGTH
from numa_runtime.tracking.params import ByteTrackParams

FIRST_CAPACITY = 128
PAIRS_PER_CAPACITY = 8


def pack_params(params: ByteTrackParams) -> NDArray[np.float64]:
    """Return the parameters as the float64 array the kernels take (P_ rows of `layout`)."""
    packed = np.zeros(at.N_PARAMS)
    packed[at.P_HIGH], packed[at.P_LOW] = params.track_high_thresh, params.track_low_thresh
    packed[at.P_NEW], packed[at.P_BUFFER] = params.birth_thresh, params.buffer_frames
    packed[at.P_PER_CLASS], packed[at.P_CLASSIC] = params.per_class, params.classic
    packed[at.P_LIMIT : at.P_LIMIT + 4] = [
        params.match_thresh,
        params.second_match_thresh,
        params.unconfirmed_match_thresh,
        params.duplicate_thresh,
    ]
    fuse = params.fuse_score
    packed[at.P_FUSE : at.P_FUSE + 4] = [fuse, fuse and params.classic, fuse, False]
    return packed


def grown(block: NDArray[Any], width: int) -> NDArray[Any]:
    """Return a copy of `block` whose last axis is `width` long, zeros behind what was there."""
    larger = np.zeros((*block.shape[:-1], width), block.dtype)
    larger[..., : block.shape[-1]] = block
    return larger


class State:
    """The blocks of one tracker, in the order `step` takes them; nothing is shared between instances."""

    __slots__ = (
        "cells",
        "counters",
        "coupled",
        "floats",
        "ints",
        "lists",
        "measured",
        "pair_columns",
        "pair_costs",
        "params",
        "shapes",
    )

    def __init__(self, params: ByteTrackParams, capacity: int = FIRST_CAPACITY) -> None:
        self.params = pack_params(params)
        self.floats = np.zeros((at.N_FLOATS, capacity))
        self.ints = np.zeros((at.N_INTS, capacity), np.int64)
        self.lists = np.zeros((at.N_LISTS, capacity), np.int64)
        self.lists[at.L_FREE] = np.arange(capacity)[::-1]
        self.counters = np.zeros(at.N_COUNTERS, np.int64)
        self.counters[at.L_FREE] = capacity
        self.coupled = np.zeros((at.N_COUPLED, 0))
        self.measured = np.zeros((at.N_MEASURED, capacity))
        self._make_scratch(capacity)

    def _make_scratch(self, capacity: int) -> None:
        self.shapes = np.zeros((2, at.N_SHAPES, capacity))
        self.cells = np.zeros(CELLS_LENGTH * capacity, np.int64)
        self.make_room_for_pairs(PAIRS_PER_CAPACITY * capacity)

    @property
    def capacity(self) -> int:
        """How many tracks and detections of one frame fit, together."""
        return int(self.floats.shape[1])

    @property
    def blocks(self) -> tuple[NDArray[Any], ...]:
        """The arrays in the order `step` takes them; valid until the next growth."""
        return (
            self.floats,
            self.ints,
            self.lists,
            self.counters,
            self.measured,
            self.shapes,
            self.cells,
            self.pair_columns,
            self.pair_costs,
            self.coupled,
            self.params,
        )

    def make_room_for_pairs(self, count: int) -> None:
        """Make room for at least `count` candidate pairs (scratch: old ones are forgotten)."""
        self.pair_columns, self.pair_costs = np.zeros(count, np.int64), np.zeros(count)

    def make_room(self, needed: int) -> None:
        """Double the capacity until it is at least `needed`; tracks keep their slots."""
        old, capacity = self.capacity, self.capacity
        while capacity < needed:
            capacity *= 2
        if capacity == old:
            return
        self.floats, self.ints, self.lists = (grown(b, capacity) for b in (self.floats, self.ints, self.lists))
        free = int(self.counters[at.L_FREE])
        self.lists[at.L_FREE, : free + capacity - old] = np.concatenate(
            [np.arange(old, capacity)[::-1], self.lists[at.L_FREE, :free]]
        )
        self.counters[at.L_FREE] += capacity - old
        self.measured = grown(self.measured, capacity)
        if self.coupled.shape[1]:
            self.coupled = grown(self.coupled, capacity)
        pairs = len(self.pair_costs)
        self._make_scratch(capacity)
        self.make_room_for_pairs(max(pairs, len(self.pair_costs)))

    def make_coupled(self) -> None:
        """Make room for coupled covariances, which only a camera warp that is no similarity needs."""
        self.coupled = grown(self.coupled, self.capacity)
