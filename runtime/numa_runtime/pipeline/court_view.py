"""The court stage: tracked players and the ball of each frame become places, distances and speeds in metres."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field, replace
from math import exp, hypot, isfinite
from typing import Any

import numpy as np

from numa_runtime.results import Results
from numa_runtime.results.court import BallSpot, CourtView, Place, PlayerSpot
from numa_runtime.vision.court.ground import Ground

NEAR = 4.0
"""Metres beside the court (or half its length, where that is less) in which players still play."""

_SMOOTH_S = 0.2
"""Seconds over which feet are averaged: boxes tremble by a few pixels, which are decimetres at the far end."""
_STEP = 0.15
"""Metres that a player must have moved before they count, so that trembling adds nothing up."""
_GAP_S = 0.2
"""Seconds after which a ball that comes back has no speed yet."""
_TRAIL = 12
_MOST = 600
"""Kilometres an hour that no ball reaches; the ground behind a ball that is high in the air may run faster."""


@dataclass(slots=True)
class _Walk:
    now: Place
    counted: Place
    time: float
    distance: float = 0.0

    def go(self, place: Place, time: float) -> None:
        """Move on to where the feet are."""
        share = 1 - exp(-max(time - self.time, 0.0) / _SMOOTH_S)
        self.now = (self.now[0] + share * (place[0] - self.now[0]), self.now[1] + share * (place[1] - self.now[1]))
        self.time = time
        away = hypot(self.now[0] - self.counted[0], self.now[1] - self.counted[1])
        if away >= _STEP:
            self.distance += away
            self.counted = self.now


@dataclass(slots=True)
class CourtWatch:
    """Maps one timeline after the other onto a court.

    Attributes:
        ground: the court, and where it lies in the picture.
        distances: metres by id, of the last timeline.
        speeds: frames by whole kilometres an hour of the ball.
    """

    ground: Ground
    distances: dict[int, float] = field(default_factory=dict)
    speeds: Counter[int] = field(default_factory=Counter)
    _walks: dict[int, _Walk] = field(default_factory=dict)
    _way: deque[tuple[int, Place, float]] = field(default_factory=lambda: deque(maxlen=_TRAIL))

    def start(self) -> None:
        """Begin a new timeline: ids are somebody else's."""
        self.distances.clear()
        self._walks.clear()
        self._way.clear()

    def __call__(self, result: Results) -> Results:
        """Return the result with its view from above."""
        players = tuple(self._players(result))
        for track in result.ended.boxes.tolist():
            self._walks.pop(track, None)
        ball = self._ball(result)
        trail = tuple(place for _, place, _ in self._way)[:-1] if ball is not None else ()
        return replace(result, court=CourtView(self.ground.plan, players, ball, trail))

    def _players(self, result: Results) -> list[PlayerSpot]:
        """Return who stands on the court: where the lower edge of the box has its middle, feet are."""
        found = result.detections
        feet = np.column_stack([(found.xyxy[:, 0] + found.xyxy[:, 2]) / 2, found.xyxy[:, 3]])
        spots = []
        for track, (x, y) in zip(found.id.tolist(), self.ground.metres(feet).tolist(), strict=True):
            if track < 0 or not self._near((x, y)):
                continue
            walk = self._walks.get(track)
            if walk is None:
                walk = self._walks[track] = _Walk((x, y), (x, y), result.timestamp)
            walk.go((x, y), result.timestamp)
            self.distances[track] = walk.distance
            spots.append(PlayerSpot(track, walk.now, walk.distance))
        return spots

    def _ball(self, result: Results) -> BallSpot | None:
        """Return the best ball: a tracked one before others, then the higher score."""
        balls = result.ball_records
        if not len(balls):
            return None
        best = int(np.lexsort((balls.conf, balls.id >= 0))[-1])
        track, [(x, y)] = int(balls.id[best]), self.ground.metres(balls.xy[best]).tolist()
        if not self._near((x, y), self.ground.plan.length):
            return None
        speed = None
        if self._way:
            before, (old_x, old_y), then = self._way[-1]
            passed = result.timestamp - then
            if before == track and 0 < passed <= _GAP_S:
                speed = hypot(x - old_x, y - old_y) / passed
            else:
                self._way.clear()
        self._way.append((track, (x, y), result.timestamp))
        if speed is not None:
            speed = speed if 3.6 * speed <= _MOST else None
            self.speeds.update([round(3.6 * speed)] if speed is not None else [])
        return BallSpot(track, (x, y), speed)

    def _near(self, place: Place, margin: float | None = None) -> bool:
        plan = self.ground.plan
        reach = min(NEAR, plan.length / 2) if margin is None else margin
        x, y = place
        inside = -reach <= x <= plan.width + reach and -reach <= y <= plan.length + reach
        return isfinite(x) and isfinite(y) and inside

    def percentile(self, share: float) -> int | None:
        """Return the ball's speed, km/h, that a share of the frames does not exceed."""
        if not self.speeds:
            return None
        wanted, seen = share * self.speeds.total(), 0
        for speed in sorted(self.speeds):
            seen += self.speeds[speed]
            if seen >= wanted:
                return speed
        return max(self.speeds)

    def lines(self) -> list[str]:
        """Return what the command line prints at the end of a run."""
        most = sorted(self.distances.items(), key=lambda item: -item[1])[:6]
        gone = ", ".join(f"id {track} {metres:.0f} m" for track, metres in most if metres >= 1)
        speed = f"; ball over the ground: median {self.percentile(0.5)}, p99 {self.percentile(0.99)} km/h"
        return [f"{self.ground.plan.sport} court: {gone or 'nobody moved'}{speed if self.speeds else ''}"]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {
            "court": {
                "sport": self.ground.plan.sport,
                "distance_m": {str(track): round(metres, 2) for track, metres in sorted(self.distances.items())},
                "ball_speed_kmh_p50": self.percentile(0.5),
                "ball_speed_kmh_p99": self.percentile(0.99),
            }
        }
