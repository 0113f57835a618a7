"""A tracker's parameters in the units of one camera: pixels of its frames, squared where formulas need it."""

from __future__ import annotations

from typing import NamedTuple, Self

from numa_runtime.tracking.balls.params import REFERENCE_SIDE, BallTrackParams


class Noise(NamedTuple):
    """Variances (px^2), spectral density of the acceleration (px^2 per frame^3), steps (px per frame), gate (1).

    slack: how far a detection may be off, px. hit_score: `hit_thresh`.
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
