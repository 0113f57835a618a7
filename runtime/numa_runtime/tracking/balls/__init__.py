"""The ball tracker: points with a forecast of their own in, the same balls under lasting ids out.

A ball is not a box: it is a few pixels wide, moves many times its size in a frame, turns at once when it is hit and
vanishes for frames. So there is no overlap to compare. Each ball has a constant-velocity point filter, and with each
position the network's grouped head says where it expects the ball in the next frame: a second, independent
prediction. `BallTracker` is imported late: it loads numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numa_runtime.tracking.balls.config import load_ball_params
    from numa_runtime.tracking.balls.params import BallTrackParams
    from numa_runtime.tracking.balls.tracker import BallTracker

__all__ = ["BallTrackParams", "BallTracker", "load_ball_params"]

_HOMES = {"BallTrackParams": "params", "BallTracker": "tracker", "load_ball_params": "config"}


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
