"""Rallies have a plot: hits in turns, a ball that goes from one to the next, and times when it is out of play."""

from itertools import pairwise

import numpy as np
import pytest

from numa_benchmarks.rally.script import write_script
from numa_benchmarks.rally.sports import Sport

SECONDS = 20.0


@pytest.fixture(params=list(Sport))
def sport(request):
    return request.param


@pytest.fixture
def script(sport):
    return write_script(sport.court, (2, 2), SECONDS, np.random.default_rng(7))


def test_hits_and_flights_follow_each_other(script):
    times = [hit.time for hit in script.hits]
    assert times == sorted(times)
    assert times[0] <= 0 < SECONDS <= script.flights[-1].end
    for one, other in pairwise(script.flights):
        assert other.start >= one.end - 1e-9


def test_the_ball_is_where_it_is_hit(script):
    for hit in script.hits:
        flight = next(one for one in script.flights if abs(one.start - hit.time) < 1e-9)
        assert flight.points[0] == pytest.approx(hit.place)


def test_balls_are_met_where_arms_reach(sport, script):
    low, high = sport.court.contact
    if not sport.court.bounce:  # after a bounce it is met where it comes
        assert all(low - 0.01 <= hit.place[2] <= high + 0.01 for hit in script.hits)
    assert min(flight.points[:, 2].min() for flight in script.flights) > -0.05, "no ball flies below the floor"


def test_a_ball_out_of_play_is_nowhere_and_in_play_it_never_jumps(sport, script):
    moments = np.arange(0, SECONDS, 1 / 120)
    places = [script.ball_at(float(time)) for time in moments]
    assert any(place is None for place in places)
    assert sum(place is not None for place in places) > 0.5 * len(places)
    serves = [hit.time for hit in script.hits if hit.serve]
    for time, (one, other) in zip(moments, pairwise(places), strict=False):
        if one is not None and other is not None and not any(time <= serve <= time + 1 / 120 for serve in serves):
            assert np.linalg.norm(other - one) * 120 < 6 * sport.court.speeds[1]


def test_sides_take_turns_and_every_player_exists(sport, script):
    assert {hit.player for hit in script.hits} <= set(range(4))
    if sport is not Sport.VOLLEYBALL:  # who may pass within a side
        for one, other in pairwise(script.hits):
            assert other.serve or one.player // 2 != other.player // 2


def test_the_seed_decides(sport):
    first, again, other = (
        write_script(sport.court, (1, 1), 5.0, np.random.default_rng(seed)).hits for seed in (1, 1, 2)
    )
    assert [hit.time for hit in first] == [hit.time for hit in again]
    assert [hit.time for hit in first] != [hit.time for hit in other]
