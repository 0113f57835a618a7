"""Which candidate is which ball: costs within the gates, solved by the exact kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, log
from typing import Any, cast

import numpy as np

from numa_runtime.tracking.balls.ball import Ball
from numa_runtime.tracking.balls.candidates import Candidate
from numa_runtime.tracking.balls.noise import Noise
from numa_runtime.tracking.balls.params import BallTrackParams
from numa_runtime.tracking.kernels import single

_assign = cast("Callable[..., tuple[Any, Any]]", single.assign_dense)
_SMALLEST_SCORE = 1e-6


def load_kernels() -> None:
    """Compile or load the assignment kernel."""
    _assign(np.zeros((1, 1)), 1.0)


def assign(
    balls: Sequence[Ball], found: Sequence[Candidate], now: float, noise: Noise, params: BallTrackParams
) -> list[tuple[int, int]]:
    """Return the pairs (ball, candidate) that are the likeliest together, each of both at most once.

    The cost of a pair is -2 log of its likelihood: of the position, and of the candidate's score. Pairs outside the
    gates, out of reach or of another class are not possible, and only a good score finds a lost ball again. Any pair is
    better than none, by as much as the gate at least.

    Args:
        balls: the tracked balls.
        found: the frame's candidates.
        now: time in nominal frames.
        noise: variances and limits in the frame's pixels.
        params: the tracker's parameters.
    """
    if not balls or not found:
        return []
    costs = [[_cost(ball, one, now, noise, params) for one in found] for ball in balls]
    highest = max((cost for row in costs for cost in row if cost < inf), default=None)
    if highest is None:
        return []
    columns, _ = _assign(np.array(costs), highest + noise.gate)
    return [(i, j) for i, j in enumerate(columns.tolist()) if j >= 0]


def _cost(ball: Ball, found: Candidate, now: float, noise: Noise, params: BallTrackParams) -> float:
    if params.per_class and found.cls != ball.last.cls:
        return inf
    if found.score < (params.birth_thresh if ball.misses else params.track_low_thresh):
        return inf
    if not ball.within_reach(found, now, noise):
        return inf
    return ball.explains(found, noise)[0] - 2.0 * log(max(found.score, _SMALLEST_SCORE))
