"""Courts of the sports, in metres, from above.

Sizes and lines are those of the rules: BWF (badminton), ITF (tennis), FIVB (volleyball), ITTF (table tennis), USAP
(pickleball), FIP (padel), FIBA (basketball, half-way line only).
"""

from __future__ import annotations

from collections.abc import Iterable

from numa_runtime.errors import UsageError, nearest
from numa_runtime.results.court import CourtPlan, Line


def _court(
    sport: str,
    width: float,
    length: float,
    *,
    across: Iterable[float] = (),
    along: Iterable[float] = (),
    lines: Iterable[Line] = (),
) -> CourtPlan:
    """Return a court that is the same on both sides of its net.

    Args:
        sport: its name.
        width: of the whole.
        length: of the whole.
        across: distances from the net of lines that go from side to side.
        along: distances from the side of lines that go from end to end.
        lines: other lines of the far half; the near half has them too.
    """
    net = length / 2
    found: list[Line] = [(0, 0, width, 0), (0, length, width, length), (0, 0, 0, length), (width, 0, width, length)]
    found.append((0, net, width, net))
    for away in across:
        found += [(0, net - away, width, net - away), (0, net + away, width, net + away)]
    for inset in along:
        found += [(inset, 0, inset, length), (width - inset, 0, width - inset, length)]
    for x1, y1, x2, y2 in lines:
        found += [(x1, y1, x2, y2), (x1, length - y1, x2, length - y2)]
    return CourtPlan(sport, width, length, tuple(found))


_COURTS = (
    _court("badminton", 6.10, 13.40, across=(1.98, 5.94), along=(0.46,), lines=[(3.05, 0, 3.05, 4.72)]),
    _court(
        "tennis",
        10.97,
        23.77,
        along=(1.37,),
        lines=[(1.37, 5.485, 9.60, 5.485), (5.485, 5.485, 5.485, 11.885)],
    ),
    _court("volleyball", 9.0, 18.0, across=(3.0,)),
    _court("table-tennis", 1.525, 2.74, lines=[(0.7625, 0, 0.7625, 1.37)]),
    _court("pickleball", 6.10, 13.41, across=(2.13,), lines=[(3.05, 0, 3.05, 4.575)]),
    _court("padel", 10.0, 20.0, across=(6.95,), lines=[(5.0, 3.05, 5.0, 10.0)]),
    _court("basketball", 15.0, 28.0),
)
SPORTS = {court.sport: court for court in _COURTS}


def court_of(sport: str) -> CourtPlan:
    """Return the court of a sport.

    Raises:
        UsageError: it is not in the table; the nearest one is named.
    """
    name = sport.strip().lower().replace("_", "-").replace(" ", "-")
    if name not in SPORTS:
        raise UsageError(
            f"there is no court of {sport!r}{nearest(name, tuple(SPORTS))}; there is: {', '.join(SPORTS)}",
            hint="a court of your own: a YAML file with size: [WIDTH, LENGTH] in metres",
        )
    return SPORTS[name]


def plain_court(sport: str, width: float, length: float) -> CourtPlan:
    """Return a court of which only the size is known."""
    return _court(sport, width, length)
