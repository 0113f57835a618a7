"""Who hits the ball when and where: the plot of a rally, before anything is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.flight import Flight, aim, bounce, fly, over_the_net
from numa_benchmarks.rally.sports import Court

Vector = NDArray[np.float64]

_TRIES = 12
_PAUSE = (0.0, 1.2)
"""Seconds between a dead ball and the next serve: the ball is out of play, in nobody's sight."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A player meets the ball: time in seconds, place in metres, the player's number, whether it is a serve."""

    time: float
    place: Vector
    player: int
    serve: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """The flights and hits of a scene, in order of time; between some flights the ball is nowhere."""

    flights: tuple[Flight, ...]
    hits: tuple[Hit, ...]

    def ball_at(self, time: float) -> Vector | None:
        """Return where the ball is, or None while it is out of play."""
        for flight in self.flights:
            if flight.start <= time <= flight.end:
                return flight.at(time)
        return None


def write_script(court: Court, sides: tuple[int, int], seconds: float, rng: np.random.Generator) -> Script:
    """Make up rallies that fill `seconds`.

    Args:
        court: where.
        sides: players of the near side (y < 0) and of the far side; numbers count the near ones first.
        seconds: how long.
        rng: where chance comes from.
    """
    flights: list[Flight] = []
    hits: list[Hit] = []
    time = -rng.uniform(0.0, 1.0)
    side, place, serve = int(rng.integers(2)), None, True
    while time < seconds:
        if place is None:
            place = _contact(court, side, rng, serve=True)
        hits.append(Hit(time, place, _player(sides, side, rng), serve))
        to_other = not (court.side[1] > 2 and rng.random() < 0.55)  # volleyball passes within a side
        receiver = 1 - side if to_other else side
        parts, caught = _flight(court, place, receiver, time, rng, crosses=to_other)
        flights.extend(parts)
        time, serve = parts[-1].end, False
        if caught is None:
            time += rng.uniform(*_PAUSE)
            side, place, serve = int(rng.integers(2)), None, True
        else:
            side, place = receiver, caught
    return Script(tuple(flights), tuple(hits))


def _player(sides: tuple[int, int], side: int, rng: np.random.Generator) -> int:
    return int(rng.integers(sides[side])) + (sides[0] if side else 0)


def _contact(court: Court, side: int, rng: np.random.Generator, *, serve: bool = False) -> Vector:
    """Return where somebody of a side may meet the ball."""
    far = court.length / 2
    depth = rng.uniform(0.75, 1.0) * far if serve else rng.uniform(0.15, 1.0) * (far + 0.6 * court.back)
    depth = max(depth, far + 0.1) if court.surface else depth
    x = rng.uniform(-0.45, 0.45) * court.width
    low, high = court.contact
    height = rng.uniform(low, high) if not serve else rng.uniform(low + 0.4 * (high - low), high)
    return np.array([x, -depth if side == 0 else depth, height])


def _flight(
    court: Court, start: Vector, side: int, time: float, rng: np.random.Generator, *, crosses: bool
) -> tuple[list[Flight], Vector | None]:
    """Return a flight, in parts that bounces divide, and where it is met; None where nobody does."""
    missed = rng.random() < 0.12
    points = np.stack([start, start])
    for _ in range(_TRIES):
        end = _landing(court, side, rng) if court.bounce or missed else _contact(court, side, rng)
        way = float(np.linalg.norm(end - start))
        seconds = max(0.12, way / rng.uniform(*court.speeds))
        points, velocity = fly(start, aim(start, end, seconds, court.drag), seconds, court.drag)
        if not crosses or over_the_net(points, court):
            break
    parts = [Flight(time, points)]
    if not court.bounce:
        return parts, None if missed else points[-1]
    after, _ = fly(points[-1], bounce(velocity, court.bounce), rng.uniform(0.25, 0.7), court.drag)
    above = np.flatnonzero(after[1:, 2] < court.surface - (0.3 if court.surface else 0.0))
    after = after[: max(3, above[0] + 1)] if len(above) else after
    parts.append(Flight(parts[-1].end, after))
    return parts, None if missed else after[-1]


def _landing(court: Court, side: int, rng: np.random.Generator) -> Vector:
    """Return a place on the other side's floor or table."""
    depth = rng.uniform(0.3, 1.02) * court.length / 2
    x = rng.uniform(-0.5, 0.5) * court.width
    return np.array([x, -depth if side == 0 else depth, court.surface + court.ball / 2])
