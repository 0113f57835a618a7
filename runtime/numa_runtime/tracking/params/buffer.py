"""How long a lost track is kept, and which parameter says so."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Buffer:
    """The buffer of lost tracks: the parameter `name` sets it to `value`, in frames or, `in_seconds`, in seconds."""

    name: str
    value: float
    in_seconds: bool

    def frames(self, frame_rate: float) -> float:
        """Return it in frames, of which `frame_rate` make a second."""
        return self.value * frame_rate if self.in_seconds else self.value

    def seconds(self, frame_rate: float) -> float:
        """Return it in seconds of `frame_rate` frames."""
        return self.value if self.in_seconds else self.value / frame_rate

    def lasting(self, frames: float, frame_rate: float) -> float:
        """Return the value that keeps a track for at least `frames` frames: whole frames, or tenths of a second."""
        return ceil(10 * (frames / frame_rate)) / 10 if self.in_seconds else ceil(frames)
