"""Which court is seen, and where in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numa_runtime.errors import UsageError
from numa_runtime.options import Options, option
from numa_runtime.options.panels import TRACKER
from numa_runtime.options.readers import plain, read_text

if TYPE_CHECKING:
    from numa_runtime.vision.court.ground import Ground


def read_points(_: str, value: Any) -> str:
    """Return points as text, from a text, a path, or [[x, y], ...]."""
    given = plain(value)
    if isinstance(given, list | tuple):
        return " ".join(str(number) for one in given for number in (one if isinstance(one, list | tuple) else [one]))
    return str(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtOptions(Options):
    """The court of one run, whose camera stands still.

    Attributes:
        court: four corners in pixels, or a YAML file; None: no court view.
        sport: whose court it is.
    """

    court: str | None = option(
        None,
        "Court view: a map, ball speed, players' distances. Corners far left, far right, near right, near left in "
        'pixels ("412,210 868,210 1105,640 175,640"), or a YAML file.',
        read=read_points,
        metavar="POINTS|FILE",
        panel=TRACKER,
    )
    sport: str | None = option(
        None, "Whose court it is: badminton, tennis, volleyball ...", read=read_text, metavar="NAME", panel=TRACKER
    )

    def ground(self) -> Ground | None:
        """Return the ground, None where none is asked for.

        Raises:
            UsageError: the points or the sport are wrong, or there is a sport without points.
        """
        from numa_runtime.vision.court.reading import read_court

        if self.court is not None:
            return read_court(self.court, self.sport)
        if self.sport is not None:
            raise UsageError("--sport needs --court: where the court lies in the picture", hint="--court court.yaml")
        return None
