"""The names by which a run's trackers are set; imports no tracker, so that a command line can ask at once."""

from __future__ import annotations

from numa_runtime.tracking.balls.params import BallTrackParams
from numa_runtime.tracking.config import every_name
from numa_runtime.tracking.params.info import describe

PREFIX = "ball_"


def ball_settings() -> frozenset[str]:
    """Return the ball tracker's parameters, "ball_" before each: other trackers share most names."""
    return frozenset(f"{PREFIX}{name}" for name, _ in describe(BallTrackParams))


def every_setting() -> frozenset[str]:
    """Return the names of every tracker's parameters, the ball tracker's included."""
    return every_name() | ball_settings()
