import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.explain.boxes import centres, corners, distances, overlaps, sizes
from numa_runtime.tracking.tracker import Tracker

number = st.floats(-100, 100)
side = st.floats(5, 80)


def cost_limit_found(a, b, columns):
    """The smallest limit at which the tracker itself matches two boxes: 1 - overlap, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(30):
        limit = 0.5 * (low + high)
        tracker = Tracker(match_thresh=limit, fuse_score=False)
        first = tracker.update(np.array([[*a, 0.9, 0.0]]))
        second = tracker.update(np.array([[*b, 0.9, 0.0]]))
        matched = len(second) == 1 and second[0, -4] == first[0, -4]
        low, high = (low, limit) if matched else (limit, high)
    return high


@pytest.mark.parametrize("shift", [0.0, 3.0, 17.0])
@pytest.mark.parametrize("rotated", [False, True])
def test_overlaps_are_the_kernels(shift, rotated):
    a = [50.0, 50, 40, 20, 0.4] if rotated else [30.0, 40, 70, 60]
    b = [50.0 + shift, 55, 44, 24, 0.7] if rotated else [30.0 + shift, 45, 74 + shift, 60]
    ours = overlaps(np.array(a), np.array([b]))[0]
    assert 1 - ours == pytest.approx(cost_limit_found(a, b, len(a)), abs=1e-6)


@given(number, number, side, side, number, number, side, side)
def test_iou_is_symmetric_and_within_0_and_1(x, y, w, h, p, q, r, s):
    a, b = np.array([x, y, x + w, y + h]), np.array([p, q, p + r, q + s])
    one, other = overlaps(a, b[None])[0], overlaps(b, a[None])[0]
    assert one == pytest.approx(other)
    assert 0 <= one <= 1
    assert overlaps(a, a[None])[0] == pytest.approx(1)


def test_shapes():
    upright, rotated = np.array([[0.0, 0, 4, 2]]), np.array([[2.0, 1, 4, 2, 0.0]])
    for boxes in (upright, rotated):
        assert centres(boxes).tolist() == [[2, 1]]
        assert sizes(boxes).tolist() == [[4, 2]]
        assert corners(boxes[0]).tolist() == [[0, 0], [4, 0], [4, 2], [0, 2]]
        assert distances(boxes[0], boxes).tolist() == [0]
    turned = corners(np.array([0.0, 0, 4, 2, np.pi / 2]))
    np.testing.assert_allclose(turned, [[1, -2], [1, 2], [-1, 2], [-1, -2]], atol=1e-12)


def test_no_boxes():
    assert overlaps(np.array([0.0, 0, 1, 1]), np.zeros((0, 4))).shape == (0,)
    assert overlaps(np.array([0.0, 0, 1, 1, 0]), np.zeros((0, 5))).shape == (0,)
