"""The grid finds exactly the pairs of the full matrix."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.single import find_pairs, read_detections, shape_detections
from numa_runtime.tracking.params import ByteTrackParams
from numa_runtime.tracking.state import State


def iou(rows, columns):
    low = np.maximum(rows[:, None, :2], columns[None, :, :2])
    high = np.minimum(rows[:, None, 2:4], columns[None, :, 2:4])
    inter = np.prod(np.clip(high - low, 0, None), 2)
    area = [np.prod(b[:, 2:4] - b[:, :2], 1) for b in (rows, columns)]
    return inter / (area[0][:, None] + area[1][None, :] - inter)


def gaussian(box):
    c, s = np.cos(box[4]), np.sin(box[4])
    turn = np.array([[c, -s], [s, c]])
    return box[:2], turn @ np.diag([box[2] ** 2 / 12, box[3] ** 2 / 12]) @ turn.T


def probabilistic_iou(rows, columns):
    out = np.zeros((len(rows), len(columns)))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            (m1, s1), (m2, s2) = gaussian(row), gaussian(column)
            mean = (s1 + s2) / 2
            apart = (m1 - m2) @ np.linalg.solve(mean, m1 - m2) / 8
            apart += 0.5 * np.log(np.linalg.det(mean) / np.sqrt(np.linalg.det(s1) * np.linalg.det(s2)))
            out[i, j] = 1 - np.sqrt(max(0.0, 1 - np.exp(-apart)))
    return out


def pairs_of(rows, columns, limit, fuse=False, per_class=False):
    """Run the kernels; return {(row, column): cost}."""
    state = State(ByteTrackParams(), max(len(rows), len(columns)) + 2)
    state.make_room_for_pairs(len(rows) * len(columns) + 1)
    rotated = rows.shape[1] == 7
    for side, boxes in enumerate((rows, columns)):
        assert read_detections(boxes, state.measured, False) == len(boxes)
        shape_detections(state.measured, np.arange(len(boxes)), state.shapes[side], rotated, limit)
    count = find_pairs(
        state.shapes, len(rows), len(columns), limit, fuse, per_class, rotated,
        state.lists, state.cells, state.pair_columns, state.pair_costs,
    )  # fmt: skip
    start = state.lists[at.L_ROW_START]
    assert start[len(rows)] == count
    return {
        (i, int(state.pair_columns[k])): float(state.pair_costs[k])
        for i in range(len(rows))
        for k in range(start[i], start[i + 1])
    }


def check(rows, columns, limit, fuse=False, per_class=False):
    overlap = probabilistic_iou(rows, columns) if rows.shape[1] == 7 else iou(rows, columns)
    costs = 1 - overlap * columns[None, :, -2] if fuse else 1 - overlap
    allowed = rows[:, None, -1] == columns[None, :, -1] if per_class else np.ones_like(costs, bool)
    found = pairs_of(rows, columns, limit, fuse, per_class)
    for i, j in np.ndindex(costs.shape):
        if allowed[i, j] and costs[i, j] < limit - 1e-9:
            assert found[i, j] == pytest.approx(costs[i, j], abs=1e-9)
        elif not allowed[i, j] or costs[i, j] > limit + 1e-9:
            assert (i, j) not in found


def upright(rng, n, spread, sizes):
    low = rng.uniform(0, spread, (n, 2))
    high = low + np.exp(rng.normal(np.log(50), sizes, (n, 2)))
    return np.column_stack([low, high, rng.uniform(0, 1, n), rng.integers(0, 3, n)]).astype(float)


def rotated(rng, n, spread):
    size = np.exp(rng.normal(np.log(50), 0.7, (n, 2)))
    return np.column_stack(
        [rng.uniform(0, spread, (n, 2)), size, rng.uniform(-4, 4, n), rng.uniform(0, 1, n), rng.integers(0, 3, n)]
    )


@settings(deadline=None, max_examples=80)
@given(
    st.integers(0, 2**31),
    st.integers(1, 90),
    st.integers(1, 90),
    st.sampled_from([100, 1000, 20_000]),
    st.sampled_from([0.2, 1.0, 3.0]),
    st.sampled_from([0.15, 0.5, 0.8, 1.0, 1.2]),
    st.booleans(),
    st.booleans(),
)
def test_equals_the_full_matrix_for_upright_boxes(seed, n, m, spread, sizes, limit, fuse, per_class):
    rng = np.random.default_rng(seed)
    check(upright(rng, n, spread, sizes), upright(rng, m, spread, sizes), limit, fuse, per_class)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**31), st.sampled_from([200, 3000]), st.sampled_from([0.15, 0.5, 0.8, 0.99]), st.booleans())
def test_equals_the_full_matrix_for_rotated_boxes(seed, spread, limit, fuse):
    rng = np.random.default_rng(seed)
    check(rotated(rng, 40, spread), rotated(rng, 45, spread), limit, fuse)


def test_one_far_away_or_huge_box_changes_nothing():
    rng = np.random.default_rng(1)
    rows, columns = upright(rng, 50, 2000, 0.5), upright(rng, 60, 2000, 0.5)
    columns[3, :4] = [-9e8, -9e8, -9e8 + 50, -9e8 + 50]
    columns[7, :4] = [-1e6, -1e6, 1e6, 1e6]
    rows[5, :4] = columns[7, :4] + 1
    check(rows, columns, 0.8)


def test_says_how_much_room_it_needs():
    boxes = np.tile([[0.0, 0.0, 10.0, 10.0, 0.9, 0.0]], (40, 1))
    state = State(ByteTrackParams(), 64)
    state.make_room_for_pairs(10)
    read_detections(boxes, state.measured, False)
    for side in (0, 1):
        shape_detections(state.measured, np.arange(40), state.shapes[side], False, 0.8)
    count = find_pairs(
        state.shapes, 40, 40, 0.8, False, False, False, state.lists, state.cells, state.pair_columns, state.pair_costs
    )
    assert count == 1600
