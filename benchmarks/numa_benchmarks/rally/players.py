"""Where players go: to the ball when it is theirs, back to their place afterwards, never faster than people are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.body import FOREARM, Stance
from numa_benchmarks.rally.script import Hit, Script
from numa_benchmarks.rally.sports import Court

Array = NDArray[np.float64]

FASTEST = 6.5
"""m/s on a court."""

_GRAVITY = 9.81
_SWING = 0.22
"""Seconds before and after a hit during which the arm is on its way."""


@dataclass(slots=True)
class Player:
    """One player of a scene.

    Attributes:
        home: (2,) where they stand between hits.
        facing: towards the net, radians.
        height: metres.
        right_handed: which hand hits.
        hits: theirs, in order of time.
        court: whose racket they hold.
        ready: how far they go into their knees between hits, as a share of the height.
        wander: (n, 2) where they drift to, one place every `_DRIFT` seconds.
    """

    home: Array
    facing: float
    height: float
    right_handed: bool
    hits: tuple[Hit, ...]
    court: Court
    wander: Array
    ready: float = 0.04
    phase: float = 0.0

    def place(self, time: float) -> Array:
        """Return where they stand, (2,)."""
        before = max((hit for hit in self.hits if hit.time <= time), key=lambda hit: hit.time, default=None)
        after = min((hit for hit in self.hits if hit.time > time), key=lambda hit: hit.time, default=None)
        drift = self._drift(time)
        if before is None and after is None:
            return drift
        here = drift
        if before is not None:
            here = _eased(self._spot(before), drift, (time - before.time) / self._seconds(before, drift))
        if after is not None:
            spot = self._spot(after)
            here = _eased(spot, here, (after.time - time) / self._seconds(after, here))
        return here

    def _spot(self, hit: Hit) -> Array:
        """Return where they stand when they hit: an arm and a racket away from the ball."""
        side = -1 if self.right_handed else 1
        left = np.array([-np.sin(self.facing), np.cos(self.facing)])
        spot: Array = hit.place[:2] - left * side * (0.25 + 0.5 * self.court.racket)
        limit = self.court.length / 2 if self.court.surface else 0.2
        if abs(spot[1]) < limit + 0.15:
            spot = np.array([spot[0], np.sign(self.home[1]) * (limit + 0.15)])
        return spot

    def _seconds(self, hit: Hit, other: Array) -> float:
        """Return how long the way between a hit and another place takes."""
        return max(0.35, 1.6 * float(np.linalg.norm(self._spot(hit) - other)) / FASTEST)

    def _drift(self, time: float) -> Array:
        at = np.clip(time / _DRIFT, 0, len(self.wander) - 1.001)
        low = int(at)
        return _eased(self.wander[low], self.wander[low + 1], at - low)

    def stance(self, time: float, seconds: float) -> Stance:
        """Return how they stand at `time`, which is `seconds` after the last call: the gait goes on from there."""
        here, there = self.place(time), self.place(time + 0.04)
        velocity = (there - here) / 0.04
        speed = float(np.linalg.norm(velocity))
        self.phase += seconds * (2.2 * speed + 0.4)
        hit = min(self.hits, key=lambda one: abs(one.time - time), default=None)
        near = 0.0 if hit is None else max(0.0, 1 - abs(hit.time - time) / _SWING)
        facing = self.facing
        if speed > 1.0:  # people look at the net and run where they must
            turn = (np.arctan2(velocity[1], velocity[0]) - facing + np.pi) % (2 * np.pi) - np.pi
            facing += float(np.clip(turn, -0.8, 0.8))
        reach, jump, stoop, lunge = None, 0.0, 0.0, 0.0
        if hit is not None and near > 0:
            reach, jump, stoop = self._swing(hit, time, near)
            lunge = near * float(np.clip((self.height - hit.place[2]) / 0.8, 0, 1))
            way = (np.arctan2(*(hit.place[:2] - here)[::-1]) - facing + np.pi) % (2 * np.pi) - np.pi
            facing += lunge * float(np.clip(way, -0.9, 0.9))
        crouch = max(self.ready + 0.012 * min(speed, 4) + stoop, 0.05 + 0.13 * lunge)
        lean = 0.1 + self.ready + 1.2 * stoop + 0.15 * lunge
        return Stance(
            here, facing, self.height, speed, self.phase, min(crouch, 0.22), lean, jump, reach, self.right_handed, lunge
        )

    def _swing(self, hit: Hit, time: float, near: float) -> tuple[Array, float, float]:
        """Return where the hand is in a swing, how high the feet are, and how much they stoop."""
        ahead = np.array([np.cos(self.facing), np.sin(self.facing), 0.0])
        late = (time - hit.time) / _SWING
        hand = hit.place - ahead * (0.1 + 0.4 * self.court.racket) * (1 - near) * np.sign(-late if late else 1.0)
        hand = hand - np.array([0.0, 0.0, 0.7 * self.court.racket * 0.5])
        highest = self.height * 1.22 + 0.7 * self.court.racket
        above = max(0.0, hit.place[2] - highest)
        rise = np.sqrt(2 * above / _GRAVITY)
        jump = max(0.0, above - 0.5 * _GRAVITY * (abs(time - hit.time)) ** 2) if rise else 0.0
        stoop = 0.16 * near * max(0.0, 1 - hit.place[2] / (0.5 * self.height))
        return hand, float(jump), float(stoop)

    def racket_tip(self, wrist: Array, elbow: Array, reach: Array | None) -> Array:
        """Return where the racket ends: along the forearm, towards the ball in a swing."""
        along = wrist - elbow
        along = along / max(float(np.linalg.norm(along)), FOREARM * 0.1)
        if reach is None:
            along = along + np.array([0.0, 0.0, 0.6])
        tip: Array = wrist + self.court.racket * along / float(np.linalg.norm(along))
        return tip


_DRIFT = 1.4


def make_players(
    court: Court, sides: tuple[int, int], script: Script, seconds: float, rng: np.random.Generator
) -> list[Player]:
    """Return the players of a script, those of the near side first."""
    players = []
    for side, count in enumerate(sides):
        forward = 1 if side == 0 else -1
        for place in range(count):
            number = place + (sides[0] if side else 0)
            home = _home(court, count, place, forward, rng)
            spread = 0.35 if count < 3 else 0.7
            drift = rng.normal(0, spread, (int(seconds / _DRIFT) + 3, 2))
            hits = tuple(hit for hit in script.hits if hit.player == number)
            players.append(
                Player(
                    home=home,
                    facing=forward * np.pi / 2 + rng.normal(0, 0.2),
                    height=float(rng.uniform(1.58, 1.98)),
                    right_handed=bool(rng.random() < 0.88),
                    hits=hits,
                    court=court,
                    wander=home + drift,
                    ready=float(rng.uniform(0.03, 0.1)),
                    phase=float(rng.uniform(0, 2 * np.pi)),
                )
            )
    return players


def make_bystanders(court: Court, seconds: float, rng: np.random.Generator) -> list[Player]:
    """Return people who do not play and stand beyond the boards, in one scene of four; they are hardly lit."""
    if rng.random() > 0.25:
        return []
    people = make_players(court, (int(rng.integers(1, 4)), 0), Script((), ()), seconds, rng)
    for one in people:
        side = rng.choice([-1, 1])
        place = np.array([side * (court.width / 2 + rng.uniform(4.5, 6.5)), rng.uniform(-0.6, 1.3) * court.length / 2])
        one.wander = place + 0.15 * (one.wander - one.home)
        one.home, one.facing = place, float(np.pi if side > 0 else 0.0)
    return people


def _home(court: Court, count: int, place: int, forward: int, rng: np.random.Generator) -> Array:
    """Return where a player of a side stands: alone in its middle, many in two rows."""
    if court.surface:
        depth = court.length / 2 + rng.uniform(0.5, court.back)
    elif count < 3:
        depth = court.length / 2 * rng.uniform(0.45, 0.75) if court.back < 2 else court.length / 2 + rng.uniform(-1, 1)
    else:
        depth = court.length / 2 * (0.25 if place % 2 else 0.75)
    columns = max(1, (count + 1) // 2) if count >= 3 else count
    column = place // 2 if count >= 3 else place
    x = (column + 0.5) / columns - 0.5
    return np.array([x * court.width * 0.8 + rng.normal(0, 0.3), -forward * depth])


def _eased(start: Array, end: Array, share: float) -> Array:
    """Return the place a share of the way along, starting and ending gently (minimum jerk, Flash and Hogan 1985)."""
    s = float(np.clip(share, 0, 1))
    eased: Array = start + (end - start) * (10 * s**3 - 15 * s**4 + 6 * s**5)
    return eased
