"""The ball tracker: points with a forecast of their own in, the same balls under lasting ids out.

A ball is not a box: it is a few pixels wide, moves many times its size in a frame, turns at once when it is hit and
vanishes for frames. So there is no overlap to compare. Each ball has a constant-velocity point filter, and with each
position the network's grouped head says where it expects the ball in the next frame: a second, independent
prediction. `BallTracker` is imported late: it loads numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_runtime.tracking.balls.config import load_ball_params
    from numa_runtime.tracking.balls.params import BallTrackParams
    from numa_runtime.tracking.balls.tracker import BallTracker

__all__ = ["BallTrackParams", "BallTracker", "load_ball_params"]

_HOMES = {"BallTrackParams": "params", "BallTracker": "tracker", "load_ball_params": "config"}

__getattr__, __dir__ = lazy(__name__, _HOMES)
