"""Where players and ball are on the court, seen from above, in metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Line = tuple[float, float, float, float]
"""x1, y1, x2, y2 in metres."""

Place = tuple[float, float]
"""x, y in metres: x across the court from its left line, y along it from the far line."""


@dataclass(frozen=True, slots=True)
class CourtPlan:
    """A court seen from above.

    Attributes:
        sport: its name.
        width: metres, from side to side.
        length: metres, from the far end to the near one.
        lines: what is painted on it, the net included.
    """

    sport: str
    width: float
    length: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PlayerSpot:
    """Where a tracked player stands.

    Attributes:
        id: of the track.
        place: metres.
        distance: metres that the player has gone since the track began.
    """

    id: int
    place: Place
    distance: float


@dataclass(frozen=True, slots=True)
class BallSpot:
    """Where the camera sees the ball against the ground, which is where it is only when it lies there.

    Attributes:
        id: of the track, -1 where it is not tracked.
        place: metres.
        speed: metres per second of that spot, None where the ball was not seen just before.
    """

    id: int
    place: Place
    speed: float | None


@dataclass(frozen=True, slots=True)
class CourtView:
    """One frame from above.

    Attributes:
        plan: the court.
        players: those on the court or near it.
        ball: the best ball, where the ground behind it is near the court.
        trail: places of the same ball before, oldest first.
    """

    plan: CourtPlan
    players: tuple[PlayerSpot, ...] = ()
    ball: BallSpot | None = None
    trail: tuple[Place, ...] = ()

    def player(self, track: int) -> PlayerSpot | None:
        """Return the player of a track, if it is on the court."""
        return next((spot for spot in self.players if spot.id == track), None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; units are in the key names."""
        ball: dict[str, Any] | None = None
        if self.ball is not None:
            speed = self.ball.speed
            ball = {
                **_place(self.ball.place),
                "speed_mps": None if speed is None else round(speed, 2),
                "speed_kmh": None if speed is None else round(3.6 * speed, 1),
            }
        players = [
            {"track_id": spot.id, **_place(spot.place), "distance_m": round(spot.distance, 2)} for spot in self.players
        ]
        return {"players": players, "ball": ball}


def _place(place: Place) -> dict[str, float]:
    return {"x_m": round(place[0], 2), "y_m": round(place[1], 2)}
