"""The ball tracker's parameters: names, defaults, meaning, limits and search range in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.params.info import checked, describe, param

REFERENCE_SIDE = 640
"""Lengths are pixels of a frame whose longer side has this many, so that one setting serves every camera."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallTrackParams:
    """How balls move, how well they are seen, and when a ball is one.

    Lengths are pixels of a frame 640 px on its longer side, times nominal frames (1 / frame_rate seconds). The
    filter is Kalman's (1960) with the white-noise acceleration model, the gate is an ellipse of given probability
    around the prediction and a track is confirmed by counting hits, all as in Bar-Shalom, Li and Kirubarajan 2001,
    "Estimation with Applications to Tracking and Navigation" (6.2.2; gating and track formation: Bar-Shalom and
    Fortmann 1988, "Tracking and Data Association").

    Raises:
        TrackerError: a value out of its range or of the wrong type, low threshold above the birth threshold.
    """

    tracker_type: ClassVar[str] = "balltrack"

    track_low_thresh: float = param(
        0.1, "score above which a detection extends a ball that was seen in the frame before", within=(0, 1),
        search=(0.01, 0.3),
    )  # fmt: skip
    new_track_thresh: float = param(
        0.25, "score from which a detection starts a ball, or finds a lost one again", within=(0, 1), search=(0.1, 0.8)
    )
    hit_thresh: float = param(
        0.5, "score from which a detection off its path, within its reach, may be a ball that was hit", within=(0, 1),
        search=(0.2, 0.8),
    )  # fmt: skip
    birth_conf: float = param(
        0.0, "track mode's conf: gates births only, in addition to new_track_thresh", within=(0, 1)
    )
    track_buffer: float = param(
        15, "how long a lost ball is kept, in frames at `frame_rate`", within=(0, 1e6), search=(3, 60)
    )
    track_buffer_s: float | None = param(
        None, "the buffer in seconds, instead of track_buffer", within=(0, 1e6), optional=True
    )
    confirm_hits: int = param(
        3, "detections a new ball needs before it gets its id", within=(1, 100), search=(1, 4), whole=True
    )
    confirm_misses: int = param(
        1, "frames in a row that a new ball may be missed in before it is dropped", within=(0, 100), search=(0, 2),
        whole=True,
    )  # fmt: skip
    position_noise: float = param(
        2.0, "standard deviation of a detection's position, px", within=(0.01, 100), search=(0.5, 4)
    )
    forecast_noise: float = param(
        4.0, "standard deviation of the network's next position, px", within=(0.01, 100), search=(1, 8)
    )
    acceleration_noise: float = param(
        3.0, "how much a ball's velocity changes in a frame (standard deviation), px", within=(0.001, 1000),
        search=(1, 12),
    )  # fmt: skip
    max_step: float = param(
        60.0, "longest way a ball can go in a frame, px; the head's own reach is 60", within=(0.1, 10_000),
        search=(30, 120),
    )  # fmt: skip
    gate: float = param(
        4.0, "how many standard deviations from its prediction a ball is looked for", within=(0.5, 20), search=(2, 6)
    )
    use_next: bool = param(True, "use the network's next position", search=(False, True))
    per_class: bool = param(False, "associate only detections of the ball's class", search=(False, True))
    max_candidates: int = param(
        32, "candidates looked at in a frame, best scores first", within=(1, 1000), whole=True
    )  # fmt: skip
    frame_rate: float = param(
        30.0,
        "frames per second that buffers, steps and noise are counted in",
        within=(0.01, 10_000),
        fixed="velocities are counted in it",
    )

    def __post_init__(self) -> None:
        for name, info in describe(type(self)):
            object.__setattr__(self, name, checked(name, getattr(self, name), info))
        if self.track_low_thresh > self.new_track_thresh:
            raise TrackerError(
                f"track_low_thresh {self.track_low_thresh:g} is above new_track_thresh {self.new_track_thresh:g}: "
                "a ball could start that nothing may extend",
                hint=f"lower track_low_thresh, e.g. track_low_thresh={self.new_track_thresh / 2:g}",
            )

    @property
    def buffer_frames(self) -> float:
        """How long a lost ball is kept, in nominal frames."""
        return self.track_buffer if self.track_buffer_s is None else self.track_buffer_s * self.frame_rate

    @property
    def birth_thresh(self) -> float:
        """Score from which a ball starts."""
        return max(self.new_track_thresh, self.birth_conf)
