"""A tracker's parameters in the units of one camera: pixels of its frames, squared where formulas need it."""

from __future__ import annotations

from typing import NamedTuple, Self

from numa_runtime.tracking.balls.params import REFERENCE_SIDE, BallTrackParams


class Noise(NamedTuple):
    """Variances and limits in the pixels of one frame size.

    Attributes:
        position: variance, px^2.
        forecast: variance, px^2.
        acceleration: spectral density, px^2 per frame^3.
        first_velocity: variance of a new ball's velocity.
        max_step: longest step, px per frame.
        slack: how far a detection may be off, px.
        gate: without a unit (1).
        hit_score: `hit_thresh`.
    """

    position: float
    forecast: float
    acceleration: float
    first_velocity: float
    max_step: float
    slack: float
    gate: float
    hit_score: float

    @classmethod
    def of(cls, params: BallTrackParams, longer_side: float = REFERENCE_SIDE) -> Self:
        """Return what `params` mean in frames whose longer side has `longer_side` pixels."""
        scale = longer_side / REFERENCE_SIDE
        position = (params.position_noise * scale) ** 2
        return cls(
            position=position,
            forecast=(params.forecast_noise * scale) ** 2,
            acceleration=(params.acceleration_noise * scale) ** 2,
            first_velocity=(params.max_step * scale / params.gate) ** 2,
            max_step=params.max_step * scale,
            slack=params.gate * position**0.5,
            gate=params.gate**2,
            hit_score=params.hit_thresh,
        )
