"""One tracker's memory: preallocated blocks that grow by doubling."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.grid import CELLS_LENGTH
from numa_runtime.tracking.params import TrackerParams
from numa_runtime.tracking.params.filter_state import BoxOutput
from numa_runtime.tracking.params.memory import Appearance, Observations, Occlusions

FIRST_CAPACITY = 128
_ROUNDS = (at.P_NEAREST, at.P_STEP, at.P_ANGLE, at.P_LOW_PENALTY)
_BOOSTS = (at.P_CONFIDENT, at.P_NEAR, at.P_SHAPE, at.P_LOOKS, at.P_LIKELY)
PAIRS_PER_CAPACITY = 8


def pack_params(params: TrackerParams) -> NDArray[np.float64]:
    """Return the parameters as the float64 array that the kernels take (P_ numbers of `layout`)."""
    packed = np.zeros(at.N_PARAMS)
    packed[at.P_LIMIT : at.P_LIMIT + at.N_STAGES] = at.OFF
    for number, value in {**_thresholds(params), **_stages(params), **_memory(params)}.items():
        packed[number] = value
    return packed


def _thresholds(params: TrackerParams) -> dict[int, float]:
    return {
        at.P_HIGH: params.track_high_thresh,
        at.P_LOW: params.lowest_score,
        at.P_NEW: params.birth_thresh,
        at.P_BUFFER: params.buffer_frames,
        at.P_PER_CLASS: params.per_class,
        at.P_CLASSIC: params.classic,
        at.P_MIN_HITS: params.min_hits,
        at.P_KIND: params.filter_state.number,
        at.P_MATCHED: params.output is BoxOutput.MATCHED,
        at.P_POSE: params.pose_weight,
        at.P_IDS_AT_BIRTH: params.ids_at_birth,
        at.P_BIRTH_IOU: params.largest_birth_iou,
        at.P_JOINT: params.low_ones_join,
        **dict(zip(_ROUNDS, params.rounds or (), strict=False)),
        **dict(zip(_BOOSTS, params.boosts or (), strict=False)),
    }


def _stages(params: TrackerParams) -> dict[int, float]:
    """Return the numbers of each stage the tracker has, the comparison of tracks with tracks among them."""
    packed: dict[int, float] = {}
    for association in params.associations():
        packed |= {
            at.P_LIMIT + association.stage: association.limit,
            at.P_FUSE + association.stage: association.fused,
            at.P_COST + association.stage: association.cost,
            at.P_BUFFERED + association.stage: association.buffer,
            at.P_BY_HEIGHT + association.stage: association.by_height,
            at.P_ONE_POOL: association.one_pool,
        }
    if params.duplicate_limit is not None:
        packed[at.P_LIMIT + at.DUPLICATES] = params.duplicate_limit
    return packed


def _memory(params: TrackerParams) -> dict[int, float]:
    """Return the numbers of what is remembered of a track.

    Raises:
        TrackerError: a cost compares with what is not remembered; the kernels would read beyond the tracker's memory.
    """
    memory = params.memory
    for association in params.associations():
        if association.cost.compares_with not in (None, type(memory)):
            raise TrackerError(
                f"{params.tracker_type} does not remember what its {association.name} compares with",
                hint=f"let {type(params).__name__}.memory return it",
            )
    match memory:
        case Observations():
            return {
                at.P_DELTA_T: memory.delta_t,
                at.P_INERTIA: memory.inertia,
                at.P_REPLAY: memory.replayed,
                at.P_AVERAGED: memory.averaged,
                **_scores(memory),
            }
        case Appearance():
            return {at.P_REID: True, at.P_PROXIMITY: memory.proximity, at.P_APPEARANCE: memory.similarity}
        case Occlusions():
            return _occlusions(memory)
    return {}


def _scores(memory: Observations) -> dict[int, float]:
    """Return where the filter of scores lies, and their weights, if they are remembered."""
    if memory.score_weights is None:
        return {}
    first, second = memory.score_weights
    column = at.O_RING + at.RING * memory.delta_t
    return {at.P_CONFIDENCE: column, at.P_SCORE_WEIGHT: first, at.P_LOW_SCORE_WEIGHT: second}


def _occlusions(memory: Occlusions) -> dict[int, float]:
    """Return the numbers of who goes on unseen; whoever touches may cover."""
    return {
        at.P_LIMIT + at.COVERED: 1.0,
        at.P_UPDATES: memory.depth,
        at.P_POSITION_BACK: memory.position_back,
        at.P_VELOCITY_BACK: memory.velocity_back,
        at.P_GROWTH: memory.growth,
        at.P_DAMPING: memory.damping,
        at.P_COVERAGE: memory.cover,
        at.P_COASTING: memory.coasting,
        at.P_GIVEN_UP: memory.given_up,
        at.P_REAPPEARING: memory.reappearing,
    }


def enlarged(block: NDArray[Any], slots: int, axis: int = 0) -> NDArray[Any]:
    """Return a copy of `block` with room for `slots` along `axis`, zeros behind what was there."""
    shape = list(block.shape)
    shape[axis] = slots
    larger = np.zeros(shape, block.dtype)
    larger[tuple(slice(n) for n in block.shape)] = block
    return larger


class State:
    """The blocks of one tracker, in the order `step` takes them; nothing is shared between instances.

    `grown` says that some of them lie elsewhere since `address` was asked for last.
    """

    __slots__ = (
        "cells",
        "counters",
        "coupled",
        "features",
        "floats",
        "grown",
        "history",
        "ints",
        "lists",
        "measured",
        "pair_columns",
        "pair_costs",
        "params",
        "rows",
        "shapes",
        "table",
    )

    def __init__(self, params: TrackerParams, capacity: int = FIRST_CAPACITY) -> None:
        self.grown = True
        self.params = pack_params(params)
        self.floats = np.zeros((capacity, at.N_FLOATS))
        self.ints = np.zeros((capacity, at.N_INTS), np.int64)
        self.lists = np.zeros((at.N_LISTS, capacity), np.int64)
        self.lists[at.L_FREE] = np.arange(capacity)[::-1]
        self.counters = np.zeros(at.N_COUNTERS, np.int64)
        self.counters[at.L_FREE] = capacity
        self.coupled = np.zeros((0, at.N_COUPLED))
        self.history = np.zeros((0, 0))
        self.features = np.zeros((0, 0))
        if isinstance(params.memory, Observations):
            scores = at.N_CONFIDENCE if params.memory.score_weights is not None else 0
            self.make_history(at.O_RING + at.RING * params.memory.delta_t + scores)
        elif isinstance(params.memory, Occlusions):
            self.make_history(at.U_RING + at.N_MEAN * params.memory.depth)
        self.table = np.zeros(at.N_TABLE, np.int64)
        self._make_scratch(capacity)

    def take_params(self, params: TrackerParams) -> None:
        """Go on with other values of the parameters that may change (`params.changing` says which)."""
        keypoints = self.keypoints
        self.params[:] = pack_params(params)
        self.params[at.P_KEYPOINTS] = keypoints

    def _make_scratch(self, capacity: int) -> None:
        self.measured = np.zeros((capacity, at.N_MEASURED))
        self.rows = np.zeros((capacity, at.ROTATED))
        self.shapes = np.zeros((2, capacity, at.N_SHAPES))
        self.cells = np.zeros(CELLS_LENGTH * capacity, np.int64)
        self.make_room_for_pairs(PAIRS_PER_CAPACITY * capacity)

    @property
    def capacity(self) -> int:
        """How many tracks and detections of one frame fit, together."""
        return int(self.floats.shape[0])

    @property
    def blocks(self) -> tuple[NDArray[Any], ...]:
        """The arrays in the order of the table's addresses; valid until the next growth."""
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
            self.rows,
            self.history,
            self.features,
        )

    @property
    def address(self) -> int:
        """Where the table lies that `step` takes; write it anew, and ask again, after every growth."""
        self.table[at.T_CAPACITY : at.T_FLOATS] = (
            self.capacity,
            len(self.coupled),
            len(self.pair_costs),
            *self.history.shape,
            *self.features.shape,
        )
        self.table[at.T_FLOATS :] = [block.ctypes.data for block in self.blocks]
        self.grown = False
        return int(self.table.ctypes.data)

    def rows_of(self, columns: int) -> NDArray[np.float64]:
        """Return the view of `rows` that a frame with tracks of `columns` columns has filled."""
        return self.rows.reshape(-1)[: self.capacity * columns].reshape(-1, columns)

    def make_room_for_pairs(self, count: int) -> None:
        """Make room for at least `count` candidate pairs (scratch: old ones are forgotten)."""
        self.pair_columns = np.zeros(count, np.int64)
        self.pair_costs = np.zeros(count)
        self.grown = True

    def make_room(self, needed: int) -> None:
        """Double the capacity until it is at least `needed`; tracks keep their slots."""
        old, capacity = self.capacity, self.capacity
        while capacity < needed:
            capacity *= 2
        if capacity == old:
            return
        self.floats = enlarged(self.floats, capacity)
        self.ints = enlarged(self.ints, capacity)
        self.lists = enlarged(self.lists, capacity, axis=1)
        free = int(self.counters[at.L_FREE])
        self.lists[at.L_FREE, : free + capacity - old] = np.concatenate(
            [np.arange(old, capacity)[::-1], self.lists[at.L_FREE, :free]]
        )
        self.counters[at.L_FREE] += capacity - old
        if len(self.coupled):
            self.coupled = enlarged(self.coupled, capacity)
        if len(self.history):
            self.history = enlarged(self.history, capacity)
        pairs = len(self.pair_costs)
        self._make_scratch(capacity)
        self.make_room_for_pairs(max(pairs, len(self.pair_costs)))

    def make_coupled(self) -> None:
        """Make room for coupled covariances, which only a camera warp that is no similarity needs."""
        self.coupled = enlarged(self.coupled, self.capacity)
        self.grown = True

    def make_history(self, width: int) -> None:
        """Make room for `width` numbers per track beyond the filter: observations, or appearance."""
        self.history = np.zeros((self.capacity, width))
        self.grown = True

    @property
    def keypoints(self) -> int:
        """How many keypoints a pose has, 0 if there are no poses (yet)."""
        return int(self.params[at.P_KEYPOINTS])

    def make_poses(self, keypoints: int) -> None:
        """Make room for poses of `keypoints` points, of tracks that have none yet, behind what `history` holds."""
        self.params[at.P_KEYPOINTS] = keypoints
        before = self.history if len(self.history) else np.zeros((self.capacity, 0))
        self.history = np.hstack([before, np.zeros((self.capacity, at.POINT * keypoints))])
        self.grown = True

    def give_features(self, features: NDArray[np.float64]) -> None:
        """Let the next frame's detections have vectors (n, width): the table then says where they lie."""
        self.features = features
        self.table[at.T_FEATURE_ROWS : at.T_FEATURE_WIDTH + 1] = features.shape
        self.table[at.T_FEATURES] = features.ctypes.data
