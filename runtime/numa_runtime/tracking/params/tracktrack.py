"""TrackTrack's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.tracking.params.associations import Association, Band, Cost, Stage
from numa_runtime.tracking.params.base import TrackerParams
from numa_runtime.tracking.params.info import check_low, param
from numa_runtime.tracking.params.memory import Observations

FRAMES_BACK = 3
"""Length of a direction in frames, as published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTrackParams(TrackerParams):
    """TrackTrack: all detections at once, several cues, rounds of mutual minima; births that look at the tracks.

    Shim et al. 2025, "Focusing on Tracks for Online Multi-Object Tracking" (CVPR): the cost is 1 - height-modulated
    IoU, `score_weight` x |expected score - score|, `angle_weight` x score x (mean angle of the corners' ways / pi) and
    `low_penalty` for low detections; each round matches the pairs that are each other's cheapest, then the limit
    tightens by `match_step`; a track starts only where no track and no stronger candidate is. The paper's settings for
    MOT17 are track_high_thresh=0.6, new_track_thresh=0.7, match_thresh=0.7 (with appearance).

    Not taken from the paper: appearance; the boxes that a detector's NMS dropped; noise that falls with the score; the
    camera's motion (give it as `warp`). A chain of candidates thins by the strongest neighbour, whether that one starts
    a track or not. Rotated boxes are compared by probabilistic IoU alone and their births are not thinned.
    """

    tracker_type: ClassVar[str] = "tracktrack"

    track_low_thresh: float = param(
        0.1, "score above which a detection takes part, at the price of low_penalty", within=(0, 1), search=(0.01, 0.3)
    )
    track_buffer: float = param(
        60, "how long a lost track is kept, in frames at `frame_rate`", within=(0, 1e6), search=(10, 120)
    )
    match_thresh: float = param(0.8, "limit of the cost in the first round", within=(0, 1), search=(0.4, 0.95))
    match_step: float = param(
        0.05, "by how much the limit tightens from round to round", within=(0, 1), search=(0.01, 0.2)
    )
    min_hits: int = param(
        2,
        "matches in a row after its first detection before a track is reported (at once in the first frames)",
        within=(0, 100),
        search=(0, 3),
        whole=True,
    )
    proximity_thresh: float = param(0.1, "smallest IoU of a pair", within=(0, 1), search=(0.01, 0.3))
    score_weight: float = param(0.1, "weight of |expected score - score|", within=(0, 10), search=(0, 0.5))
    angle_weight: float = param(0.05, "weight of the corners' change of direction", within=(0, 10), search=(0, 0.3))
    low_penalty: float = param(0.2, "what a low detection costs extra", within=(0, 1), search=(0, 0.4))
    birth_iou: float = param(
        0.55, "largest IoU of a new track with a track or a stronger candidate", within=(0, 1), search=(0.3, 0.95)
    )

    def agree(self) -> None:
        """Raise if no detection could be low."""
        check_low(self.track_low_thresh, self.track_high_thresh)

    def associations(self) -> tuple[Association, ...]:
        """Return that of confirmed and lost tracks with all detections, and that of new tracks with high ones."""
        limit, every = self.match_thresh, Band("usable", "track_low_thresh", self.track_low_thresh, False)
        return (
            Association(
                Stage.FIRST, "first association", every, "match_thresh", limit, cost=Cost.ALL_CUES, by_height=True
            ),
            Association(
                Stage.UNCONFIRMED, "association of new tracks", self.high_scores, "match_thresh", limit,
                cost=Cost.ALL_CUES, by_height=True,
            ),
        )  # fmt: skip

    @property
    def memory(self) -> Observations:
        """The boxes of the last frames, and the scores."""
        return Observations(FRAMES_BACK, replayed=False, score_weights=(self.score_weight, 0.0))

    @property
    def rounds(self) -> tuple[float, float, float, float]:
        """Smallest IoU, step, weight of the angle and price of low detections, where pairs match by rounds."""
        return self.proximity_thresh, self.match_step, self.angle_weight, self.low_penalty

    @property
    def largest_birth_iou(self) -> float:
        """The IoU with a track or a stronger candidate above which no track starts."""
        return self.birth_iou
