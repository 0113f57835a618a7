"""The sports: courts, balls and people in metres, kilograms left out, as the rules of each game have them."""

from __future__ import annotations

from dataclasses import dataclass

from numa_runtime.words import Word


@dataclass(frozen=True, slots=True)
class Court:
    """What a sport is played with; lengths in metres, the net in the middle of the length.

    Attributes:
        length: of the court (or table).
        width: of the court (or table).
        net: height of the net above the floor.
        surface: height that balls bounce from, 0 for the floor.
        ball: diameter.
        drag: deceleration by air over speed squared, 1 / m: g / (terminal speed)^2.
        bounce: speed kept by a bounce; 0: the ball is dead where it lands.
        speeds: least and greatest mean speed of a flight, m/s.
        contact: least and greatest height of a hit.
        side: players of one side.
        racket: length of the racket, 0 for hands.
        back: how far behind the baseline players stand at most.
        lines: straight lines on the floor, (x1, y1, x2, y2) in shares of half the width and half the length.
    """

    length: float
    width: float
    net: float
    surface: float
    ball: float
    drag: float
    bounce: float
    speeds: tuple[float, float]
    contact: tuple[float, float]
    side: tuple[int, int]
    racket: float
    back: float
    lines: tuple[tuple[float, float, float, float], ...]


class Sport(
    Word,
    refusal="there is no sport {word}{close}; there is: {list}",
    hint="--sport badminton",
):
    """The sports there are."""

    BADMINTON = "badminton"
    TENNIS = "tennis"
    VOLLEYBALL = "volleyball"
    TABLE_TENNIS = "table-tennis"

    @property
    def court(self) -> Court:
        """Its measures."""
        return _COURTS[self]


_BORDER = ((-1, -1, 1, -1), (1, -1, 1, 1), (1, 1, -1, 1), (-1, 1, -1, -1))

_COURTS = {
    Sport.BADMINTON: Court(
        length=13.4,
        width=6.1,
        net=1.55,
        surface=0.0,
        ball=0.065,
        drag=0.21,  # a shuttle falls at 6.8 m/s
        bounce=0.0,
        speeds=(5.0, 18.0),
        contact=(0.4, 2.7),
        side=(1, 2),
        racket=0.66,
        back=0.3,
        lines=(
            *_BORDER,
            (-0.85, -1, -0.85, 1),
            (0.85, -1, 0.85, 1),
            (-1, -0.3, 1, -0.3),
            (-1, 0.3, 1, 0.3),
            (-1, -0.89, 1, -0.89),
            (-1, 0.89, 1, 0.89),
            (0, -1, 0, -0.3),
            (0, 0.3, 0, 1),
        ),
    ),
    Sport.TENNIS: Court(
        length=23.77,
        width=10.97,
        net=0.95,
        surface=0.0,
        ball=0.067,
        drag=0.02,
        bounce=0.75,
        speeds=(14.0, 38.0),
        contact=(0.5, 2.4),
        side=(1, 2),
        racket=0.68,
        back=2.5,
        lines=(
            *_BORDER,
            (-0.75, -1, -0.75, 1),
            (0.75, -1, 0.75, 1),
            (-0.75, -0.54, 0.75, -0.54),
            (-0.75, 0.54, 0.75, 0.54),
            (0, -0.54, 0, 0.54),
        ),
    ),
    Sport.VOLLEYBALL: Court(
        length=18.0,
        width=9.0,
        net=2.4,
        surface=0.0,
        ball=0.21,
        drag=0.03,
        bounce=0.0,
        speeds=(6.0, 18.0),
        contact=(0.6, 2.9),
        side=(2, 6),
        racket=0.0,
        back=1.0,
        lines=(*_BORDER, (-1, -0.333, 1, -0.333), (-1, 0.333, 1, 0.333), (-1, 0, 1, 0)),
    ),
    Sport.TABLE_TENNIS: Court(
        length=2.74,
        width=1.525,
        net=0.915,
        surface=0.76,
        ball=0.04,
        drag=0.11,
        bounce=0.88,
        speeds=(4.0, 12.0),
        contact=(0.8, 1.4),
        side=(1, 2),
        racket=0.16,
        back=1.6,
        lines=(*_BORDER, (0, -1, 0, 1)),
    ),
}
