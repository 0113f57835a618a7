"""Balls obey gravity and air, land where they are aimed, and pass the net above it."""

import numpy as np
import pytest

from numa_benchmarks.rally.flight import GRAVITY, STEP, Flight, aim, bounce, fly, over_the_net
from numa_benchmarks.rally.sports import Sport


@pytest.mark.parametrize("sport", list(Sport))
def test_aim_hits_within_a_centimetre_through_the_air(sport):
    court, rng = sport.court, np.random.default_rng(3)
    for _ in range(20):
        start = np.array([rng.uniform(-1, 1), -rng.uniform(0.3, 1) * court.length / 2, rng.uniform(*court.contact)])
        end = np.array([rng.uniform(-1, 1), rng.uniform(0.3, 1) * court.length / 2, rng.uniform(0, 2)])
        seconds = max(0.12, float(np.linalg.norm(end - start)) / rng.uniform(*court.speeds))
        points, _ = fly(start, aim(start, end, seconds, court.drag), seconds, court.drag)
        assert np.linalg.norm(points[-1] - end) < 0.01


def test_without_air_it_is_a_parabola():
    velocity, start = np.array([3.0, 4.0, 5.0]), np.array([0.0, 0.0, 1.0])
    points, end = fly(start, velocity, 1.0, 0.0)
    times = np.arange(len(points))[:, None] * STEP
    exact = start + velocity * times + 0.5 * GRAVITY * times**2
    assert np.abs(points - exact).max() < 0.03  # the integration's own error at 240 steps a second
    assert end == pytest.approx(velocity + GRAVITY, abs=1e-9)


@pytest.mark.parametrize("sport", list(Sport))
def test_the_air_only_ever_takes_energy(sport):
    points, _ = fly(np.array([0.0, -5.0, 1.0]), np.array([2.0, 20.0, 8.0]), 1.0, sport.court.drag)
    speeds = np.diff(points, axis=0) / STEP
    middle = (points[1:, 2] + points[:-1, 2]) / 2
    energy = 0.5 * (speeds**2).sum(1) + 9.81 * middle
    assert (np.diff(energy) < 0).all()


def test_a_shuttle_falls_at_its_terminal_speed():
    _, velocity = fly(np.array([0.0, 0.0, 50.0]), np.zeros(3), 5.0, Sport.BADMINTON.court.drag)
    assert velocity[2] == pytest.approx(-6.8, abs=0.1)


def test_a_bounce_keeps_a_share_upwards_and_more_along_the_ground():
    after = bounce(np.array([10.0, 0.0, -4.0]), 0.5)
    assert after.tolist() == [7.5, 0.0, 2.0]


@pytest.mark.parametrize(("height", "over"), [(1.7, True), (1.4, False)])
def test_over_the_net(height, over):
    points = np.array([[0, -1, height], [0, -0.1, height], [0, 0.1, height], [0, 1, height]], float)
    assert over_the_net(points, Sport.BADMINTON.court) is over
    assert not over_the_net(points[:2], Sport.BADMINTON.court), "it never came there"


def test_a_flight_is_read_between_its_points_and_stops_at_its_ends():
    flight = Flight(1.0, np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0]]))
    assert flight.end == pytest.approx(1 + 2 * STEP)
    assert flight.at(1 + 0.5 * STEP)[0] == pytest.approx(0.5)
    assert (flight.at(0.0)[0], flight.at(9.0)[0]) == (0.0, 2.0)
