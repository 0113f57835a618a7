"""The point filter: position and velocity of one ball, and how sure they are."""

from __future__ import annotations

from typing import NamedTuple


class Motion(NamedTuple):
    """A constant-velocity state; x and y are independent and alike, so they share one 2x2 covariance.

    Attributes:
        x: pixels.
        y: pixels.
        vx: pixels per nominal frame.
        vy: pixels per nominal frame.
        position: variance of the position of one axis, px^2.
        cross: covariance of position and velocity of one axis, px^2 per frame.
        velocity: variance of the velocity of one axis, px^2 per frame^2.
    """

    x: float
    y: float
    vx: float
    vy: float
    position: float
    cross: float
    velocity: float


def predicted(motion: Motion, dt: float, noise: float) -> Motion:
    """Return the state at a later time.

    Args:
        motion: the state now.
        dt: nominal frames.
        noise: the spectral density of the white acceleration noise, px^2 per frame^3 (Bar-Shalom, Li and Kirubarajan
            2001, eq. 6.2.2-4: its integral over dt is [[dt^3/3, dt^2/2], [dt^2/2, dt]]).
    """
    return Motion(
        motion.x + dt * motion.vx,
        motion.y + dt * motion.vy,
        motion.vx,
        motion.vy,
        motion.position + dt * (2.0 * motion.cross + dt * (motion.velocity + dt * noise / 3.0)),
        motion.cross + dt * (motion.velocity + 0.5 * dt * noise),
        motion.velocity + dt * noise,
    )


def corrected(motion: Motion, x: float, y: float, variance: float) -> Motion:
    """Return the state after its position was measured at (x, y) with `variance` px^2 (Kalman 1960).

    Two predictions of the same position are fused by variance in just this way.
    """
    total = motion.position + variance
    gain, pull = motion.position / total, motion.cross / total
    dx, dy = x - motion.x, y - motion.y
    return Motion(
        motion.x + gain * dx,
        motion.y + gain * dy,
        motion.vx + pull * dx,
        motion.vy + pull * dy,
        motion.position * variance / total,
        motion.cross * variance / total,
        max(motion.velocity - pull * motion.cross, 0.0),
    )


def surprise(motion: Motion, x: float, y: float, variance: float) -> float:
    """Return the squared distance of (x, y), measured with `variance` px^2, in standard deviations.

    It is chi-square distributed with two degrees of freedom if the state is right.
    """
    dx, dy = x - motion.x, y - motion.y
    return (dx * dx + dy * dy) / (motion.position + variance)
