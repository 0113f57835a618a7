"""Read what a user says of a court: four corners in pixels, or a YAML file with any points."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from numa_runtime.errors import UsageError
from numa_runtime.paths import expand
from numa_runtime.results.court import CourtPlan
from numa_runtime.vision.court.ground import Ground
from numa_runtime.vision.court.sports import SPORTS, court_of, plain_court
from numa_runtime.yaml_text import BadYaml, read_yaml

_NUMBER = r"-?\d+(?:\.\d+)?"
_POINTS = re.compile(rf"\s*{_NUMBER}(?:[\s,;]+{_NUMBER})+\s*")
_EXAMPLE = '--court "412,210 868,210 1105,640 175,640" --sport badminton'
_HOW = (
    "open a frame of the video in any picture viewer, read the pixels of the four corners off, and give them, "
    "far left, far right, near right, near left: "
)
_YAML = "sport: badminton, points: [[412, 210], [868, 210], [1105, 640], [175, 640]]"


def read_court(said: str, sport: str | None) -> Ground:
    """Return the ground that `--court` and `--sport` say.

    Args:
        said: four corners "x,y x,y x,y x,y" in pixels of the frame, or a YAML file: `sport` or `size: [WIDTH, LENGTH]`,
            and `points`, four corners [x, y] or any four and more {image: [x, y], court: [x_m, y_m]}.
        sport: whose court it is; goes before the file's.

    Raises:
        UsageError: neither, a value is missing or of the wrong kind, or no camera sees the points so.
    """
    if said.strip().lower() == "click":
        raise UsageError("points are not clicked here", hint=_HOW + _EXAMPLE)
    if _POINTS.fullmatch(said):
        values = [float(number) for number in re.findall(_NUMBER, said)]
        if len(values) != 8:
            raise UsageError(f"--court {said!r} is not four corners", hint=_HOW + _EXAMPLE)
        if sport is None:
            raise UsageError("--court needs the sport, whose court is so large", hint=f"--sport {'|'.join(SPORTS)}")
        return Ground.of(court_of(sport), values)
    path = expand(said, UsageError)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise UsageError(f"--court {said!r} is neither four corners nor a YAML file", hint=_EXAMPLE)
    return _of_file(path, sport)


def _of_file(path: Path, sport: str | None) -> Ground:
    try:
        raw = read_yaml(path)
    except BadYaml as error:
        raise UsageError(f"{path}: {error}", hint=_YAML) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}", hint=_YAML) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("points"), list):
        raise UsageError(f"{path} has no list of points", hint=_YAML)
    plan, points = _plan(path, raw, sport), raw["points"]
    if all(isinstance(one, dict) for one in points) and points:
        seen, known = ([_pair(path, one.get(word), word) for one in points] for word in ("image", "court"))
        return Ground.of(plan, seen, known)
    return Ground.of(plan, [_pair(path, one, "a point") for one in points])


def _plan(path: Path, raw: dict[str, Any], sport: str | None) -> CourtPlan:
    name = sport if sport is not None else raw.get("sport")
    if raw.get("size") is not None:
        width, length = _pair(path, raw["size"], "size")
        if not (0 < width < 1e4 and 0 < length < 1e4):
            raise UsageError(f"{path}: size is {raw['size']!r}", hint="size: [WIDTH, LENGTH] in metres")
        return plain_court(str(name or "court"), width, length)
    if name is None:
        raise UsageError(f"{path} says neither sport nor size", hint=_YAML)
    return court_of(str(name))


def _pair(path: Path, said: Any, what: str) -> tuple[float, float]:
    numbers = isinstance(said, list) and len(said) == 2
    if not numbers or not all(isinstance(one, int | float) and not isinstance(one, bool) for one in said):
        raise UsageError(f"{path}: {what} must be two numbers; it is {said!r}", hint=_YAML)
    return float(said[0]), float(said[1])
