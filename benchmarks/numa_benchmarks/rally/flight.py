"""How a ball flies: gravity, the air, and bounces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.sports import Court

Vector = NDArray[np.float64]

GRAVITY = np.array([0.0, 0.0, -9.81])
STEP = 1.0 / 240.0
"""Seconds of one step of the integration."""

_CORRECTIONS, _NEAR = 12, 0.005


@dataclass(frozen=True, slots=True)
class Flight:
    """A ball's way, sampled every STEP seconds from `start`: float64 (n, 3), metres."""

    start: float
    points: Vector

    @property
    def end(self) -> float:
        """The time of the last point."""
        return self.start + (len(self.points) - 1) * STEP

    def at(self, time: float) -> Vector:
        """Return where the ball is; before and after the flight, where that begins and ends."""
        place = np.clip((time - self.start) / STEP, 0, len(self.points) - 1)
        low = min(int(place), len(self.points) - 2)
        share = place - low
        point: Vector = (1 - share) * self.points[low] + share * self.points[low + 1]
        return point


def fly(start: Vector, velocity: Vector, seconds: float, drag: float) -> tuple[Vector, Vector]:
    """Return the points (n, 3) of a flight without bounce, and the velocity at its end; drag in 1 / m."""
    steps = max(2, round(seconds / STEP))
    points, point, speed = np.empty((steps + 1, 3)), start.astype(float), velocity.astype(float)
    points[0] = point
    for step in range(1, steps + 1):
        speed = speed + STEP * (GRAVITY - drag * float(np.sqrt(speed @ speed)) * speed)
        point = point + STEP * speed
        points[step] = point
    return points, speed


def aim(start: Vector, target: Vector, seconds: float, drag: float) -> Vector:
    """Return the velocity that takes a ball from `start` to `target` in `seconds`.

    Repeated correction by the miss, larger where the air brakes more: along a straight way the distance after t is
    ln(1 + drag v t) / drag, which grows by t / (1 + drag v t) with v. Half of that term is taken: all of it overshoots.
    """
    velocity = (target - start) / seconds - 0.5 * GRAVITY * seconds
    for _ in range(_CORRECTIONS):
        points, _ = fly(start, velocity, seconds, drag)
        miss = target - points[-1]
        if float(miss @ miss) < _NEAR**2:
            break
        velocity = velocity + miss / seconds * (1 + 0.5 * drag * float(np.sqrt(velocity @ velocity)) * seconds)
    return velocity


def over_the_net(points: Vector, court: Court) -> bool:
    """Whether a flight passes the net (y = 0) above it."""
    crossing = np.flatnonzero(np.sign(points[:-1, 1]) != np.sign(points[1:, 1]))
    return bool(len(crossing) and (points[crossing, 2] > court.net + court.ball).all())


def bounce(velocity: Vector, keeps: float) -> Vector:
    """Return the velocity after a bounce: upwards what is kept, along the ground a little more."""
    after: Vector = velocity * np.array([0.5 + 0.5 * keeps, 0.5 + 0.5 * keeps, -keeps])
    return after
