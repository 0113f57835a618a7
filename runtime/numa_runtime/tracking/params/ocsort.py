"""OC-SORT's parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from numa_runtime.tracking.params.associations import Association, Cost, Stage
from numa_runtime.tracking.params.cascade import CascadeParams
from numa_runtime.tracking.params.filter_state import BoxOutput, FilterState
from numa_runtime.tracking.params.info import param
from numa_runtime.tracking.params.memory import Observations

LONGEST_DELTA_T = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class OcSortParams(CascadeParams):
    """OC-SORT: what was observed corrects what the filter made up.

    Cao et al. 2023, "Observation-Centric SORT: Rethinking SORT for Robust Multi-Object Tracking" (CVPR):
    momentum (the direction of the observations `delta_t` frames apart enters the cost with weight `inertia`),
    recovery (unmatched detections meet the last observations of unmatched tracks) and re-update (the filter of a
    track that is found again goes once more over the gap, along a straight line between the observations). The
    filter is theirs, on centre, area and aspect, and what is reported is the last observation. The paper's settings
    are track_high_thresh=0.6, new_track_thresh=0.6, match_thresh=0.7, fuse_score=false; with low detections,
    use_byte=true and second_match_thresh=0.7.

    Not taken from the paper: it solves first and rejects afterwards (here the optimum is taken among the pairs that
    may match); its tracks are silent for two frames after every gap (`min_hits` counts from birth only); what is seen
    once and not again soon is dropped at once (`unconfirmed_match_thresh`); the first detection of a track is an
    observation like the others; after a gap the last box is not filtered twice.
    """

    tracker_type: ClassVar[str] = "ocsort"

    state: FilterState = param(  # noqa: RUF009
        "xysr",
        "what the filter holds: xyah (centre, aspect, height), xywh (width instead of aspect), xyxy (corners) or xysr "
        "(centre, area, aspect)",
        parse=FilterState.parse,
        fixed="each track's filter is made of it",
    )
    output: BoxOutput = param(  # noqa: RUF009
        "matched", "which box of a track is reported: filtered, or the matched detection's", parse=BoxOutput.parse
    )
    delta_t: int = param(
        3,
        "frames between the two observations that give a track's direction",
        within=(1, LONGEST_DELTA_T),
        search=(1, 6),
        whole=True,
        fixed="what is remembered of each track depends on it",
    )
    inertia: float = param(
        0.2, "weight of the direction's consistency in the first association", within=(0, 1), search=(0, 0.5)
    )
    use_byte: bool = param(False, "associate low detections in a second association", search=(False, True))
    recovery_match_thresh: float = param(
        0.7, "last observations with detections left over: limit of the cost 1 - IoU", within=(0, 1), search=(0.5, 0.95)
    )

    def associations(self) -> tuple[Association, ...]:
        """Return ByteTrack's, the first one with momentum, lost tracks in the second, and after it the recovery."""
        first, second, new = CascadeParams.associations(self)
        limit, high = self.recovery_match_thresh, self.high_scores
        recovery = Association(Stage.RECOVERY, "recovery", high, "recovery_match_thresh", limit, cost=Cost.LAST_SEEN)
        low = (replace(second, lost_too=True),) if self.use_byte else ()
        return (replace(first, cost=Cost.MOMENTUM), *low, recovery, new)

    @property
    def memory(self) -> Observations:
        """What momentum, recovery and re-update go by."""
        return Observations(self.delta_t, self.inertia)
