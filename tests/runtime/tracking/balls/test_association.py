"""The pairs are the cheapest ones within the gates, whatever the order."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.tracking.balls.association import assign
from numa_runtime.tracking.balls.ball import Ball
from numa_runtime.tracking.balls.candidates import Candidate
from numa_runtime.tracking.balls.noise import Noise
from numa_runtime.tracking.balls.params import BallTrackParams

PARAMS = BallTrackParams()
NOISE = Noise.of(PARAMS)


def candidate(x, y, score=0.9, cls=0.0, ahead=(math.nan, math.nan)):
    return Candidate(x, y, *ahead, score, cls, 0)


def ball_at(x, y, misses=0, cls=0.0):
    ball = Ball.born(candidate(x, y, cls=cls), 0.0, NOISE)
    ball.predict(1.0, 1.0, 1.0, NOISE, use_next=True)
    ball.misses = misses
    return ball


def cost(ball, found):
    return ball.explains(found, NOISE)[0] - 2 * math.log(found.score)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32))
def test_optimal_and_one_to_one(seed):
    from itertools import permutations

    rng = np.random.default_rng(seed)
    balls = [ball_at(*rng.uniform(0, 120, 2)) for _ in range(rng.integers(0, 5))]
    found = [candidate(*rng.uniform(0, 120, 2), rng.uniform(0.3, 1)) for _ in range(rng.integers(0, 5))]
    pairs = assign(balls, found, 1.0, NOISE, PARAMS)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    table = [[cost(b, f) if b.within_reach(f, 1.0, NOISE) else math.inf for f in found] for b in balls]
    finite = [c for row in table for c in row if c < math.inf]
    if not finite:
        assert pairs == []
        return
    limit = max(finite) + NOISE.gate
    gain = sum(limit - table[i][j] for i, j in pairs)
    slots = [*range(len(found)), *[-1] * len(balls)]
    best = max(
        sum(max(limit - table[i][j], 0.0) for i, j in enumerate(chosen) if j >= 0)
        for chosen in set(permutations(slots, len(balls)))
    )
    assert math.isclose(gain, best, rel_tol=1e-9)


def test_one_detection_goes_to_the_ball_that_must_be_there():
    sure, unsure = ball_at(50, 50), ball_at(52, 50)
    for _ in range(4):
        sure.take(candidate(50, 50), 1.0, NOISE)
    assert assign([unsure, sure], [candidate(51, 50)], 1.0, NOISE, PARAMS) == [(1, 0)]


def test_the_better_score_wins_at_equal_distance():
    assert assign([ball_at(50, 50)], [candidate(45, 50, 0.3), candidate(55, 50, 0.9)], 1.0, NOISE, PARAMS) == [(0, 1)]


def test_a_weak_detection_extends_but_does_not_find_again():
    weak = [candidate(50, 50, 0.15)]
    assert assign([ball_at(50, 50)], weak, 1.0, NOISE, PARAMS) == [(0, 0)]
    assert assign([ball_at(50, 50, misses=1)], weak, 1.0, NOISE, PARAMS) == []


def test_classes_keep_apart_on_demand():
    found = [candidate(50, 50, cls=1.0)]
    assert assign([ball_at(50, 50)], found, 1.0, NOISE, PARAMS) == [(0, 0)]
    assert assign([ball_at(50, 50)], found, 1.0, NOISE, BallTrackParams(per_class=True)) == []
