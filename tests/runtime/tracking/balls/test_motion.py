"""The point filter is the textbook's: a 4-state filter with matrices gives the same numbers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.tracking.balls.motion import Motion, corrected, predicted, surprise


def textbook(steps, noise):
    """Run x, y, vx, vy with full matrices; `steps` are dt, z, variance."""
    mean, cov = np.array([10.0, 20.0, 0.0, 0.0]), np.diag([4.0, 4.0, 9.0, 9.0])
    observe = np.eye(2, 4)
    for dt, z, variance in steps:
        move = np.eye(4)
        move[0, 2] = move[1, 3] = dt
        q = noise * np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
        mean, cov = move @ mean, move @ cov @ move.T + np.kron(q, np.eye(2))
        total = observe @ cov @ observe.T + variance * np.eye(2)
        away = z - observe @ mean
        far = away @ np.linalg.solve(total, away)
        gain = cov @ observe.T @ np.linalg.inv(total)
        mean, cov = mean + gain @ away, (np.eye(4) - gain @ observe) @ cov
    return mean, cov, far


pixels = st.floats(-1e3, 1e3)
one_step = st.tuples(st.floats(0, 5), st.tuples(pixels, pixels).map(np.array), st.floats(0.01, 100))


@settings(deadline=None, max_examples=100)
@given(st.lists(one_step, min_size=1, max_size=30), st.floats(0.01, 50))
def test_equals_the_textbook(steps, noise):
    motion = Motion(10.0, 20.0, 0.0, 0.0, 4.0, 0.0, 9.0)
    for dt, z, variance in steps:
        motion = predicted(motion, dt, noise)
        far = surprise(motion, *z, variance)
        motion = corrected(motion, *z, variance)
    mean, cov, expected = textbook(steps, noise)
    np.testing.assert_allclose(motion[:4], mean, rtol=1e-7, atol=1e-6)
    np.testing.assert_allclose(motion[4:], [cov[0, 0], cov[0, 2], cov[2, 2]], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(far, expected, rtol=1e-6, atol=1e-9)


def test_two_predictions_are_fused_by_variance():
    fused = corrected(Motion(0.0, 0.0, 1.0, 0.0, 9.0, 0.0, 1.0), 12.0, -4.0, 3.0)
    assert (fused.x, fused.y) == (9.0, -3.0)  # weights 1/9 and 1/3
    assert fused.position == 9 * 3 / 12
