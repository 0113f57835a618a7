"""The filter on 8-vectors and 8x8 matrices equals the textbook's."""

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.objects import KalmanFilterXYAH

F = np.eye(8) + np.eye(8, k=4)
H = np.eye(4, 8)


def noise(h, *, aspect, speed=None):
    std = [h / 20, h / 20, aspect, h / 20]
    return np.diag(np.square(std if speed is None else [*std, h / 160, h / 160, speed, h / 160]))


def test_predict_and_update_are_the_textbooks():
    kalman, rng = KalmanFilterXYAH(), np.random.default_rng(0)
    mean, covariance = kalman.initiate([100, 50, 0.5, 80])
    for _ in range(6):
        expected = F @ mean, F @ covariance @ F.T + noise(mean[3], aspect=1e-2, speed=1e-5)
        mean, covariance = kalman.predict(mean, covariance)
        np.testing.assert_allclose(mean, expected[0], rtol=1e-12)
        np.testing.assert_allclose(covariance, expected[1], rtol=1e-9, atol=1e-15)
        z = np.array([100, 50, 0.5, 80]) + rng.normal(size=4) * [3, 3, 0.02, 3]
        s = H @ covariance @ H.T + noise(mean[3], aspect=1e-1)
        projected = kalman.project(mean, covariance)
        np.testing.assert_array_equal(projected[0], mean[:4])
        np.testing.assert_allclose(projected[1], s, rtol=1e-12)
        gain = covariance @ H.T @ np.linalg.inv(s)
        expected = mean + gain @ (z - H @ mean), covariance - gain @ s @ gain.T
        mean, covariance = kalman.update(mean, covariance, z)
        np.testing.assert_allclose(mean, expected[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(covariance, expected[1], rtol=1e-7, atol=1e-14)


def test_a_coupled_covariance_is_kept_and_another_refused():
    kalman = KalmanFilterXYAH()
    mean, covariance = kalman.initiate([100, 50, 0.5, 80])
    turn = np.eye(8)
    turn[:2, :2] = turn[4:6, 4:6] = [[1.2, 0.1], [0, 0.9]]
    coupled = turn @ covariance @ turn.T
    _, got = kalman.predict(mean, coupled)
    np.testing.assert_allclose(got, F @ coupled @ F.T + noise(80, aspect=1e-2, speed=1e-5), rtol=1e-9, atol=1e-15)
    coupled[0, 3] = coupled[3, 0] = 1.0
    with pytest.raises(TrackerError, match="correlates sizes with positions"):
        kalman.predict(mean, coupled)


def test_it_has_no_settings_that_would_be_ignored():
    with pytest.raises(AttributeError):
        KalmanFilterXYAH()._std_weight_position = 0.1


def test_several_at_once_are_each_alone():
    kalman = KalmanFilterXYAH()
    starts = [kalman.initiate([10.0 * i, 50, 0.5, 40 + 10 * i]) for i in range(3)]
    means, covariances = kalman.multi_predict([m for m, _ in starts], [c for _, c in starts])
    for i, (mean, covariance) in enumerate(starts):
        one = kalman.predict(mean, covariance)
        assert means[i].tolist() == one[0].tolist()
        assert covariances[i].tolist() == one[1].tolist()
    assert kalman.multi_predict([], [])[1].shape == (0, 8, 8)
