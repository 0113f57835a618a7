"""FastTracker's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.tracking.params.cascade import CascadeParams
from numa_runtime.tracking.params.info import param
from numa_runtime.tracking.params.memory import Occlusions

LONGEST_OFFSET = 20
_KEPT = "what is remembered of each track depends on it"


@dataclass(frozen=True, slots=True, kw_only=True)
class FastTrackParams(CascadeParams):
    """FastTracker: ByteTrack whose tracks go on without a detection, for long where another track covers them.

    Hashempoor et al. 2025, "FastTracker: Real-Time and Accurate Visual Tracking" (arXiv 2508.14370), its occlusion
    rules: a track that finds nothing stays tracked and reported (index -1) for `coast_frames`. If a track that was
    matched covers more than `occ_cover_thresh` of its predicted box, it falls back once to an earlier box, enlarged,
    and an earlier velocity, damped, and is lost only in frame `active_occ_to_lost_thresh`; lost, it is kept at least
    until `occ_reappear_window`. No track starts on a track. The paper's settings for MOT17 are track_high_thresh=0.7,
    track_low_thresh=0.25, new_track_thresh=0.7 and match_thresh=0.85.

    Not taken from the paper: the road part (lanes and crossings are drawn by hand); new tracks that find nothing end,
    as ByteTrack's do, and are not lost; a track starts on no stronger candidate either. Its text and code leave open,
    and chosen here is: where there are fewer updates than an offset asks for, the oldest counts; all of a velocity is
    damped, the sides' too; the covariance is not touched; a match ends the covering and its window; frames are counted
    in time. Rotated boxes are never covered, and their births are not thinned. On MOT17 and on SportsMOT tracks that
    are covered do better without falling back (reset_pos_offset_occ=0, reset_velocity_offset_occ=0,
    enlarge_bbox_occ=1).
    """

    tracker_type: ClassVar[str] = "fasttrack"

    coast_frames: float = param(
        2, "frames at `frame_rate` that a track stays tracked without a detection", within=(0, 1000), search=(0, 5)
    )
    occ_cover_thresh: float = param(
        0.7, "share of its predicted box above which a matched track covers another", within=(0, 1), search=(0.4, 0.95)
    )
    active_occ_to_lost_thresh: float = param(
        10, "in which frame at `frame_rate`, the one that covered it being 1, a covered track is lost",
        within=(1, 1000), search=(2, 30),
    )  # fmt: skip
    occ_reappear_window: float = param(
        40, "for how many frames from that one on a covered track is kept, whatever the buffer", within=(0, 1e6),
        search=(0, 120),
    )  # fmt: skip
    reset_pos_offset_occ: int = param(
        3, "the box of which update, 1 being the last, a covered track falls back to; 0: none",
        within=(0, LONGEST_OFFSET), search=(0, 6), whole=True, fixed=_KEPT,
    )  # fmt: skip
    reset_velocity_offset_occ: int = param(
        5, "the velocity of which update, 1 being the last, a covered track falls back to; 0: none",
        within=(0, LONGEST_OFFSET), search=(0, 10), whole=True, fixed=_KEPT,
    )  # fmt: skip
    enlarge_bbox_occ: float = param(
        1.1, "what a covered track's sides are multiplied by, once", within=(0.1, 10), search=(1, 1.5)
    )
    dampen_motion_occ: float = param(
        0.89, "what a covered track's velocity is multiplied by, once", within=(0, 1), search=(0.3, 1)
    )
    init_iou_suppress: float = param(
        0.8, "largest IoU of a new track with a track or a stronger candidate", within=(0, 1), search=(0.3, 0.95)
    )

    @property
    def memory(self) -> Occlusions:
        """The filter's last means, and since when a track is covered."""
        return Occlusions(
            cover=self.occ_cover_thresh,
            position_back=self.reset_pos_offset_occ,
            velocity_back=self.reset_velocity_offset_occ,
            growth=self.enlarge_bbox_occ,
            damping=self.dampen_motion_occ,
            coasting=self.coast_frames,
            given_up=self.active_occ_to_lost_thresh,
            reappearing=self.occ_reappear_window,
        )

    @property
    def largest_birth_iou(self) -> float:
        """The IoU with a track or a stronger candidate above which no track starts."""
        return self.init_iou_suppress
