"""One ball on its way: where it is expected, when it was seen, whether it is one yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log

from numa_runtime.tracking.balls.candidates import Candidate
from numa_runtime.tracking.balls.motion import Motion, corrected, predicted, surprise
from numa_runtime.tracking.balls.noise import Noise

_FORECAST_REACH = 2.0
"""The head's forecast is for the next frame; over a pause of more than so many frame times it says nothing."""
_AGREED = 4.6
"""Filter and forecast agree below this squared distance: 90 % of a chi-square with two degrees of freedom."""
_HIT = -2.0 * log(0.05)
"""What it costs to assume a hit: one frame in twenty has one."""
_HIT_MISSES = 1
"""A ball missed for longer may have gone anywhere; to look there would collect what is not the ball."""


@dataclass(slots=True)
class Ball:
    """A ball's filter and its history.

    Up to three states are looked for in the next frame, and the one that explains the detection best goes on
    (several models in parallel for what turns suddenly: Bar-Shalom, Li and Kirubarajan 2001, chapter 11).

    Attributes:
        motion: the filter, straight on.
        last: the last detection.
        seen_at: time of the last detection in nominal frames.
        second: with the head's forecast, which may know of a hit and may be wrong.
        struck: hit, and so anywhere within a ball's step of where it was last seen.
        agreed: whether the forecast agreed with the filter.
        id: 0 until confirmed.
        times_seen: detections so far.
        misses: frames since the last one.
    """

    motion: Motion
    last: Candidate
    seen_at: float
    second: Motion | None = None
    struck: Motion | None = None
    agreed: bool = False
    id: int = 0
    times_seen: int = 1
    misses: int = 0

    @classmethod
    def born(cls, found: Candidate, now: float, noise: Noise) -> Ball:
        """Return a new ball: position known, velocity unknown."""
        return cls(_anywhere(found, 0.0, noise), found, now)

    def predict(self, now: float, dt: float, step: float, noise: Noise, *, use_next: bool) -> None:
        """Move on to the time of the next frame.

        A forecast that agrees with the filter is fused with its prediction by variance; another stands alone.

        Args:
            now: time in nominal frames.
            dt: nominal frames since the last call.
            step: the frame time that the head's forecast is for.
            noise: variances and limits in the frame's pixels.
            use_next: whether the head's forecast is used.
        """
        self.motion, self.second, self.agreed = predicted(self.motion, dt, noise.acceleration), None, False
        self.struck = _anywhere(self.last, now - self.seen_at, noise) if self.misses <= _HIT_MISSES else None
        if not use_next or self.misses or not 0.0 < dt <= _FORECAST_REACH * step:
            return
        last, ratio = self.last, dt / step
        dx, dy = ratio * (last.next_x - last.x), ratio * (last.next_y - last.y)
        if not dx * dx + dy * dy <= (ratio * noise.max_step) ** 2:  # NaN: no forecast
            return
        x, y, variance = last.x + dx, last.y + dy, noise.forecast * max(ratio, 1.0) ** 2
        self.agreed = surprise(self.motion, x, y, variance) <= _AGREED
        if self.agreed:
            self.second = corrected(self.motion, x, y, variance)
        else:
            spread = (variance + noise.position) / dt**2
            self.second = Motion(x, y, dx / dt, dy / dt, variance, variance / dt, spread)

    def look_back(self, seen_again: Sequence[Candidate], noise: Noise) -> None:
        """Take the next position of the last detection from a look at its frame that knew the present one.

        Such a look sees a hit where the forecast of the time could only go straight on.
        """
        if self.misses:
            return
        last, nearest, best = self.last, None, noise.slack**2
        for one in seen_again:
            away = (one.x - last.x) ** 2 + (one.y - last.y) ** 2
            if away <= best:
                nearest, best = one, away
        if nearest is not None:
            self.last = last._replace(next_x=nearest.next_x, next_y=nearest.next_y)

    def explains(self, found: Candidate, noise: Noise) -> tuple[float, Motion]:
        """Return how badly the ball explains a candidate, and by which state; infinite outside the gates.

        The figure is -2 log of the likelihood, up to a constant: the squared distance in standard deviations, and
        2 log of the variance, for a ball that may be anywhere explains less than one that must be in one place. Only a
        score of `hit_thresh` is taken for a ball that was hit.

        Args:
            found: the candidate.
            noise: variances and limits in the frame's pixels.
        """
        struck = self.struck if found.score >= noise.hit_score else None
        best, state = inf, self.motion
        for motion, burden in ((self.motion, 0.0), (self.second, 0.0), (struck, _HIT)):
            if motion is None:
                continue
            distance = surprise(motion, found.x, found.y, noise.position)
            if distance <= noise.gate:
                value = distance + 2.0 * log((motion.position + noise.position) / noise.position) + burden
                if value < best:
                    best, state = value, motion
        return best, state

    def within_reach(self, found: Candidate, now: float, noise: Noise) -> bool:
        """Return whether a ball can have come from where it was last seen to `found`."""
        reach = noise.max_step * (now - self.seen_at) + noise.slack
        return (found.x - self.last.x) ** 2 + (found.y - self.last.y) ** 2 <= reach * reach

    def take(self, found: Candidate, now: float, noise: Noise) -> None:
        """Correct the state by a detection."""
        _, state = self.explains(found, noise)
        self.motion = corrected(state, found.x, found.y, noise.position)
        self.last, self.seen_at = found, now
        self.times_seen += 1
        self.misses = 0

    def miss(self) -> None:
        """Note a frame without a detection."""
        if self.second is not None and self.agreed:
            self.motion = self.second
        self.misses += 1


def _anywhere(last: Candidate, dt: float, noise: Noise) -> Motion:
    """Return the state `dt` nominal frames after `last` if nothing is known of the velocity but its size."""
    velocity = noise.first_velocity
    return Motion(last.x, last.y, 0.0, 0.0, noise.position + velocity * dt * dt, velocity * dt, velocity)
