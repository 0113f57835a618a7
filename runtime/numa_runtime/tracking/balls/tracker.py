"""`BallTracker`: the balls of one frame in, the same balls under lasting ids out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.jit import announced
from numa_runtime.results import Results
from numa_runtime.tracking.balls.association import assign, load_kernels
from numa_runtime.tracking.balls.ball import Ball
from numa_runtime.tracking.balls.candidates import Candidate, as_ball_rows, usable
from numa_runtime.tracking.balls.clock import FrameClock
from numa_runtime.tracking.balls.config import load_ball_params
from numa_runtime.tracking.balls.noise import Noise
from numa_runtime.tracking.balls.params import REFERENCE_SIDE, BallTrackParams
from numa_runtime.tracking.params.changing import check_change
from numa_runtime.tracking.time_passed import Time, as_seconds

Rows = NDArray[np.float64]
Shape = tuple[int, int]


class BallTracker:
    """Follows balls from frame to frame.

    Each instance has its own state and its own ids, from 1, apart from those of boxes.

    Time is as in `Tracker`: without timestamps every call is one nominal frame (1 / frame_rate seconds); a stream
    gives timestamps, in seconds, always or never.

    It is plain Python: with the five candidates a frame has, numpy's calls alone cost more than all its arithmetic.

    Args:
        tracker: the name "balltrack", a YAML path or `BallTrackParams`.
        shape: the frames' (height, width); `Results` bring their own, and without any the frame's longer side is taken
            as 640 px.
        parameters: replace single values.
    """

    def __init__(
        self,
        tracker: str | Path | BallTrackParams = "balltrack",
        *,
        shape: Shape | None = None,
        **parameters: Any,
    ) -> None:
        self.params = load_ball_params(tracker, **parameters)
        self._noise = Noise.of(self.params, max(_checked(shape)) if shape else REFERENCE_SIDE)
        self._shape = shape
        self.warm_up_seconds = announced(load_kernels)
        self.reset()

    def reset(self) -> None:
        """Forget all balls, ids, counters and times; the next frame is a first frame."""
        self._clock = FrameClock(self.params.frame_rate)
        self._balls: list[Ball] = []
        self._removed: list[int] = []
        self.dropped = 0
        self.ignored = 0
        self.born = 0

    def change(self, params: BallTrackParams) -> None:
        """Go on with other parameters from the next frame on; balls and ids stay.

        Raises:
            TrackerError: a parameter that cannot change while there are balls.
        """
        check_change(self.params, params)
        self.params = params
        self._noise = Noise.of(params, max(self._shape) if self._shape else REFERENCE_SIDE)

    def update(
        self, balls: Any, timestamp: Time | None = None, *, shape: Shape | None = None, previous: Any = None
    ) -> Rows:
        """Take the balls of the next frame and return those that have an id.

        Args:
            balls: float (n, 6) x, y, next_x, next_y, score, class in source pixels, `BallRecords` or `Results`. Rows
                whose position, score or class is not finite, or that lie beyond 1e9 pixels, are dropped and counted
                (`dropped`); a next position that is not finite counts as none. Candidates beyond `max_candidates` are
                counted in `ignored`.
            timestamp: seconds, or a `datetime`; not before the last one.
            shape: the frame's (height, width), where it differs from the frame before.
            previous: the balls of the frame before, in the same columns, as a clip network sees them now that it knows
                this frame: their next positions replace the forecasts made at the time. `Results` bring them.

        Returns:
            float64 (m, 8): x, y, id, score, class, index of the caller's ball, vx, vy. Position is the filter's;
            velocity is in pixels per second. m = 0 keeps the columns.

        Raises:
            TrackerError: a wrong shape or type, a score outside 0-1, time running backwards. The tracker is then as
                it was before the call.
        """
        if timestamp is not None and type(timestamp) is not float:
            timestamp = as_seconds(timestamp)
        if isinstance(balls, Results):
            shape = balls.orig_shape if shape is None else shape
            previous = balls.previous_balls if previous is None else previous
        noise = self._noise if shape in (None, self._shape) else Noise.of(self.params, max(_checked(shape)))
        rows = as_ball_rows(balls)
        found, seen_again = usable(rows), [] if previous is None else usable(as_ball_rows(previous))
        dt = self._clock.advance(timestamp)
        self._noise, self._shape = noise, shape or self._shape
        self.dropped += len(rows) - len(found)
        for ball in self._balls:
            ball.look_back(seen_again, noise)
        self._follow(self._best(found), dt)
        return self._rows()

    def _best(self, found: list[Candidate]) -> list[Candidate]:
        most = self.params.max_candidates
        self.ignored += max(len(found) - most, 0)
        return found if len(found) <= most else sorted(found, key=lambda one: -one.score)[:most]

    def _follow(self, found: list[Candidate], dt: float) -> None:
        params, noise, now, step = self.params, self._noise, self._clock.now, self._clock.step
        self._forget(now)
        for ball in self._balls:
            ball.predict(now, dt, step, noise, use_next=params.use_next)
        pairs = dict(assign(self._balls, found, now, noise, params))
        for i, ball in enumerate(self._balls):
            if i in pairs:
                ball.take(found[pairs[i]], now, noise)
                self._confirm(ball)
            else:
                ball.miss()
        taken = set(pairs.values())
        self._balls = [ball for ball in self._balls if ball.id or ball.misses <= params.confirm_misses]
        for j, one in enumerate(found):
            if j not in taken and one.score >= params.birth_thresh:
                ball = Ball.born(one, now, noise)
                self._balls.append(ball)
                self._confirm(ball)

    def _forget(self, now: float) -> None:
        """Remove, for good, the balls that were not seen for longer than the buffer."""
        longest = self.params.buffer_frames + 1.0  # a ball seen in the frame before is not lost
        stale = {id(ball) for ball in self._balls if now - ball.seen_at > longest}
        self._removed = [ball.id for ball in self._balls if id(ball) in stale and ball.id]
        self._balls = [ball for ball in self._balls if id(ball) not in stale]

    def _confirm(self, ball: Ball) -> None:
        if not ball.id and ball.times_seen >= self.params.confirm_hits:
            self.born += 1
            ball.id = self.born

    def _rows(self) -> Rows:
        rate = self.params.frame_rate
        rows = [
            (m.x, m.y, ball.id, ball.last.score, ball.last.cls, ball.last.row, rate * m.vx, rate * m.vy)
            for ball in self._balls
            if ball.id and not ball.misses
            for m in (ball.motion,)
        ]
        return np.array(rows, np.float64).reshape(-1, 8)

    @property
    def frames(self) -> int:
        """How many frames were taken."""
        return self._clock.frames

    @property
    def removed(self) -> NDArray[np.int64]:
        """The ids that ended in the last frame, for good: int64 (k,)."""
        return np.array(self._removed, np.int64)

    @property
    def lost(self) -> NDArray[np.int64]:
        """The ids that are lost now and may come back: int64 (k,)."""
        return np.array([ball.id for ball in self._balls if ball.id and ball.misses], np.int64)


def _checked(shape: Shape) -> Shape:
    if len(shape) < 2 or not all(side > 0 for side in shape[:2]):
        raise TrackerError(f"a frame of shape {shape} has no size", hint="give (height, width) in pixels")
    return shape[0], shape[1]
