"""Hybrid-SORT's parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from numa_runtime.tracking.params.associations import Association, Cost, Stage
from numa_runtime.tracking.params.info import param
from numa_runtime.tracking.params.memory import Observations
from numa_runtime.tracking.params.ocsort import OcSortParams

_COSTS = {Stage.FIRST: Cost.WEAK_CUES, Stage.SECOND: Cost.FALLING_SCORE}


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridSortParams(OcSortParams):
    """Hybrid-SORT: OC-SORT with weak cues: heights, scores, and where the corners of a box go.

    Yang et al. 2024, "Hybrid-SORT: Weak Cues Matter for Online Multi-Object Tracking" (AAAI): overlaps are modulated by
    the IoU of the heights; the momentum is that of the four corners; a pair costs more the farther the detection's
    score lies from the expected one, a filter's for high detections and a straight line's for low ones. The paper's
    settings are track_high_thresh=0.6, new_track_thresh=0.6, match_thresh=0.75, second_match_thresh=0.75 and
    recovery_match_thresh=0.75 (DanceTrack: 0.85).

    Not taken from the paper: appearance; directions over several lengths (one of `delta_t` frames is); scores along the
    line over a gap (their filter predicts over it at once); what OC-SORT here does not take either. Rotated boxes are
    compared by probabilistic IoU alone, and their corners by their sides.
    """

    tracker_type: ClassVar[str] = "hybridsort"

    match_thresh: float = param(
        0.8,
        "first association: limit of the cost 1 - height-modulated IoU (times score)",
        within=(0, 1),
        search=(0.5, 0.95),
    )
    fuse_score: bool = param(False, "multiply the overlap by the detection's score too", search=(False, True))
    second_match_thresh: float = param(
        0.75,
        "second association: limit of the cost 1 - height-modulated IoU, the score's part included",
        within=(0, 1),
        search=(0.3, 0.95),
    )
    recovery_match_thresh: float = param(
        0.75,
        "last observations with detections left over: limit of the cost 1 - height-modulated IoU",
        within=(0, 1),
        search=(0.5, 0.95),
    )
    inertia: float = param(
        0.2, "weight of the corners' direction in the first association (the mean of the four)", within=(0, 1),
        search=(0, 0.5),
    )  # fmt: skip
    use_byte: bool = param(True, "associate low detections in a second association", search=(False, True))
    score_weight: float = param(
        1.0, "first association: weight of |expected score - score|", within=(0, 10), search=(0, 2)
    )
    low_score_weight: float = param(
        1.0, "second association: weight of |expected score - score|", within=(0, 10), search=(0, 2)
    )

    def associations(self) -> tuple[Association, ...]:
        """Return OC-SORT's, by heights, with scores in the first two."""
        return tuple(
            replace(a, by_height=True, cost=_COSTS.get(a.stage, a.cost)) for a in OcSortParams.associations(self)
        )

    @property
    def memory(self) -> Observations:
        """OC-SORT's, and the scores."""
        return Observations(self.delta_t, self.inertia, score_weights=(self.score_weight, self.low_score_weight))
