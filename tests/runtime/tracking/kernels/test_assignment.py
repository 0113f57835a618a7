"""The sparse assignment reaches the optimum of the dense one, with the cost limit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linear_sum_assignment

from numa_runtime.tracking.kernels.single import assign_dense


def dense_optimum(costs, limit):
    """Solve the extended matrix: being alone costs half the limit, for a row and for a column."""
    n, m = costs.shape
    whole = np.full((n + m, n + m), limit / 2)
    whole[:n, :m], whole[n:, m:] = costs, 0
    return float(whole[linear_sum_assignment(whole)].sum())


def ours(costs, limit):
    rows, columns = assign_dense(np.ascontiguousarray(costs), limit)
    for i, j in enumerate(rows):
        if j >= 0:
            assert columns[j] == i
            assert costs[i, j] < limit
    assert (rows >= 0).sum() == (columns >= 0).sum()
    matched = rows >= 0
    alone = (len(rows) - matched.sum()) + (len(columns) - matched.sum())
    return float(costs[matched, rows[matched]].sum() + alone * limit / 2)


shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12)


@settings(deadline=None, max_examples=300)
@given(
    hnp.arrays(np.float64, shapes, elements=st.floats(0, 1)),
    st.floats(0.05, 1.2),
)
def test_equals_the_dense_optimum_on_any_matrix(costs, limit):
    assert ours(costs, limit) == pytest.approx(dense_optimum(costs, limit), abs=1e-9)


@settings(deadline=None, max_examples=200)
@given(hnp.arrays(np.float64, shapes, elements=st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])), st.floats(0.1, 1.1))
def test_equals_the_dense_optimum_with_many_ties(costs, limit):
    assert ours(costs, limit) == pytest.approx(dense_optimum(costs, limit), abs=1e-9)


@pytest.mark.parametrize("size", [1, 2, 40, 120])
@pytest.mark.parametrize("kind", ["random", "chain", "crowd", "near ties", "one column", "product"])
def test_equals_the_dense_optimum_on_adversarial_matrices(kind, size):
    rng = np.random.default_rng(size)
    i, j = np.indices((size, size + 3))
    costs = {
        "random": rng.uniform(0, 1, (size, size + 3)),
        # each row prefers its left neighbour's column: the last row moves them all
        "chain": np.where(j == i, 0.5, np.where(j == i - 1, 0.4, 1.0)) + 1e-3 * rng.uniform(size=i.shape),
        "crowd": np.clip(rng.normal(0.3, 0.05, (size, size + 3)), 0, 1),
        "near ties": 0.5 + 1e-13 * rng.uniform(size=i.shape),
        "one column": np.where(j == 0, 0.1 + 0.01 * i, 2.0),
        "product": (i + 1) * (j + 1) / ((size + 1) * (size + 4)),  # Machol-Wien: hard for augmenting paths
    }[kind]
    for matrix in (costs, costs.T):
        assert ours(matrix, 0.8) == pytest.approx(dense_optimum(matrix, 0.8), abs=1e-9)


def test_costs_at_the_limit_and_nan_never_match():
    rows, columns = assign_dense(np.array([[0.8, np.nan], [np.inf, 0.79]]), 0.8)
    assert rows.tolist() == [-1, 1]
    assert columns.tolist() == [-1, 1]


def test_empty_sides():
    for shape in ((0, 3), (3, 0), (0, 0)):
        rows, columns = assign_dense(np.zeros(shape), 0.8)
        assert (rows == -1).all()
        assert (columns == -1).all()
        assert (len(rows), len(columns)) == shape
