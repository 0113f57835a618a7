import math

import pytest

from numa_runtime.tracking.balls.ball import Ball
from numa_runtime.tracking.balls.candidates import Candidate
from numa_runtime.tracking.balls.noise import Noise
from numa_runtime.tracking.balls.params import BallTrackParams

NOISE = Noise.of(BallTrackParams())


def seen(x, y, ahead=(math.nan, math.nan), score=0.4):
    """A detection; by its score no hit."""
    return Candidate(x, y, *ahead, score, 0.0, 0)


def flying(ahead):
    """A ball that has gone right by 10 px per frame for six frames, and expects `ahead`."""
    ball = Ball.born(seen(0, 50), 0.0, NOISE)
    for k in range(1, 6):
        ball.predict(float(k), 1.0, 1.0, NOISE, use_next=True)
        ball.take(seen(10 * k, 50, ahead if k == 5 else (10 * k + 10, 50)), float(k), NOISE)
    ball.predict(6.0, 1.0, 1.0, NOISE, use_next=True)
    return ball


def test_a_forecast_that_agrees_is_fused_and_surer_than_the_filter():
    ball = flying((61, 51))
    assert ball.agreed
    assert 60 < ball.second.x < 61
    assert ball.second.position < ball.motion.position


def test_a_hit_is_followed_by_the_forecast():
    ball = flying((30, 30))
    assert not ball.agreed
    back = seen(31, 31)
    assert ball.explains(back, NOISE)[1] is ball.second
    ball.take(back, 6.0, NOISE)
    assert ball.motion.vx < -15
    straight = flying((math.nan, math.nan))
    assert straight.second is None
    assert straight.explains(back, NOISE)[0] == math.inf


def test_a_good_detection_off_the_path_may_be_a_hit_that_nobody_foresaw():
    ball, back = flying((61, 51)), seen(31, 31, score=0.6)
    assert ball.explains(seen(31, 31), NOISE)[0] == math.inf
    cost, state = ball.explains(back, NOISE)
    assert state is ball.struck
    assert ball.explains(seen(61, 51, score=0.6), NOISE)[0] < cost
    ball.take(back, 6.0, NOISE)
    assert ball.motion.vx == pytest.approx(-19, abs=1)
    assert ball.explains(seen(250, 50, score=0.9), NOISE)[0] == math.inf


def test_a_ball_that_is_lost_is_not_looked_for_everywhere():
    ball, states = flying((61, 51)), []
    for k in range(7, 10):
        ball.miss()
        ball.predict(float(k), 1.0, 1.0, NOISE, use_next=True)
        states.append(ball.struck)
    assert states[0] is not None
    assert states[0].position == pytest.approx(NOISE.position + 4 * NOISE.first_velocity)
    assert states[1:] == [None, None]


def test_a_wrong_forecast_does_not_lose_the_ball():
    ball = flying((20, 90))
    there = seen(60.5, 50)
    assert ball.explains(there, NOISE)[1] is ball.motion
    ball.take(there, 6.0, NOISE)
    assert ball.motion.vx == pytest.approx(10, abs=1)


@pytest.mark.parametrize("ahead", [(math.nan, 3), (math.inf, 3), (500, 50)])
def test_no_forecast_or_one_beyond_reach_is_none(ahead):
    assert flying(ahead).second is None


def test_a_missed_frame_keeps_what_both_agree_on():
    ball, contradicted = flying((61, 51)), flying((30, 30))
    fused, straight = ball.second, contradicted.motion
    ball.miss()
    contradicted.miss()
    assert ball.motion is fused
    assert contradicted.motion is straight
    assert ball.misses == 1


def test_after_a_pause_the_forecast_says_nothing_and_over_a_short_one_it_goes_on():
    ball = Ball.born(seen(0, 0, (5, 0)), 0.0, NOISE)
    ball.predict(2.0, 2.0, 1.0, NOISE, use_next=True)
    assert ball.second.x == pytest.approx(10, abs=1)
    ball = Ball.born(seen(0, 0, (5, 0)), 0.0, NOISE)
    ball.predict(3.0, 3.0, 1.0, NOISE, use_next=True)
    assert ball.second is None


def test_reach_grows_with_the_gap():
    ball = Ball.born(seen(0, 0), 0.0, NOISE)
    assert not ball.within_reach(seen(100, 0), 1.0, NOISE)
    assert ball.within_reach(seen(100, 0), 2.0, NOISE)


def test_a_second_look_replaces_the_forecast():
    ball = flying((60, 50))
    ball.take(seen(60, 50, (70, 50)), 6.0, NOISE)
    ball.look_back([seen(61, 51, (40, 30)), seen(66, 50, (1, 1)), seen(300, 50, (2, 2))], NOISE)
    assert (ball.last.next_x, ball.last.next_y) == (40, 30)
    assert (ball.last.x, ball.last.y) == (60, 50)
    ball.predict(7.0, 1.0, 1.0, NOISE, use_next=True)
    assert ball.explains(seen(41, 31), NOISE)[1] is ball.second


def test_a_second_look_at_something_else_changes_nothing():
    ball = flying((60, 50))
    kept = ball.last
    ball.look_back([seen(90, 50, (40, 30))], NOISE)
    assert ball.last is kept
    ball.miss()
    ball.look_back([seen(50, 50, (40, 30))], NOISE)  # it speaks of the frame before, where this ball was not seen
    assert ball.last is kept
