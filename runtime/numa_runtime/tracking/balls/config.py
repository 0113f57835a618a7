"""From a name, a YAML or keywords to checked ball-tracker parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from numa_runtime.errors import TrackerError, nearest
from numa_runtime.paths import expand
from numa_runtime.tracking.balls.params import BallTrackParams
from numa_runtime.tracking.params.info import describe
from numa_runtime.tracking.yaml_values import read_values

NAME = "balltrack"
CONFIG = Path(__file__).parents[1] / "configs" / f"{NAME}.yaml"


def load_ball_params(tracker: str | Path | BallTrackParams = NAME, **overrides: Any) -> BallTrackParams:
    """Return parameters, with single values replaced.

    Args:
        tracker: the name "balltrack", a YAML path or parameters.
        overrides: single values by name.

    Raises:
        TrackerError: unknown tracker or parameter, a file that is not a YAML mapping, a value out of range.
    """
    _known(overrides, "")
    if isinstance(tracker, BallTrackParams):
        return replace(tracker, **overrides)
    path = _path_of(tracker)
    values = read_values(path)
    kind = str(values.pop("tracker_type", NAME))
    if kind != NAME:
        raise TrackerError(
            f"{path}: tracker_type {kind!r} does not follow balls", hint=f"use tracker_type: {NAME} for ball_tracker"
        )
    _known(values, f"{path}: ")
    return BallTrackParams(**{**values, **overrides})


def _path_of(tracker: str | Path) -> Path:
    path = expand(tracker, TrackerError)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return path
    if path.name != str(tracker):
        raise TrackerError(f"{tracker}: no such tracker file", hint=f"give a YAML file, or the name {NAME}")
    if str(tracker).removesuffix(".yaml").lower() != NAME:
        close = nearest(str(tracker), [NAME])
        raise TrackerError(
            f"there is no ball tracker {str(tracker)!r}{close}; there is: {NAME}",
            hint=f"use {NAME}, or a YAML file of your own with tracker_type: {NAME}",
        )
    return CONFIG


def _known(values: Mapping[str, Any], where: str) -> None:
    names = [name for name, _ in describe(BallTrackParams)]
    for name in values:
        if name not in names:
            raise TrackerError(
                f"{where}{NAME} has no parameter {name!r}{nearest(name, names)}",
                hint=f"its parameters: {', '.join(names)}",
            )
