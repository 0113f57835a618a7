"""BoostTrack's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.tracking.params.associations import Association, Band, Cost, Stage
from numa_runtime.tracking.params.base import TrackerParams
from numa_runtime.tracking.params.info import check_low, param
from numa_runtime.tracking.params.memory import Appearance


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostTrackParams(TrackerParams):
    """BoostTrack: one association, in which more than the overlap makes track and detection alike.

    Stanojevic et al. 2024, "BoostTrack: Boosting the Similarity Measure and Detection Confidence for Improved Multiple
    Object Tracking" (Machine Vision and Applications): to IoU come `confidence_weight` x the confidence of both x IoU,
    `distance_weight` x how likely the filter takes the detection for the track's among all, `shape_weight` x the
    confidence of both x how alike the shapes are, and `with_reid` `appearance_weight` x cosine. A detection that
    overlaps a track counts as one of score `likely_boost` x IoU. The paper's settings for MOT17 are
    track_high_thresh=0.6, new_track_thresh=0.6; for MOT20 0.4 and likely_boost=0.5.

    Not taken from the paper: its filter on centre, height and aspect with noise in pixels (`state` has other ones);
    detections far from all tracks, which it raises to the threshold; BoostTrack++'s softer boosts; the camera's motion
    (give it as `warp`). It solves first and rejects afterwards; here the optimum is taken among the pairs that may
    match. Other than in its code, a distance is told by the filter's and the detector's noise together, and a height
    is compared with heights. A raised score counts in the association alone; births go by the detector's. Detections
    that do not touch a predicted box are far from it. Cosines below 0 count as 0; appearance is averaged as BoT-SORT's.
    Rotated boxes are compared by probabilistic IoU, confidence and appearance.
    """

    tracker_type: ClassVar[str] = "boosttrack"

    track_high_thresh: float = param(
        0.25, "score, raised or not, from which a detection takes part", within=(0, 1), search=(0.1, 0.7)
    )
    track_low_thresh: float = param(
        0.1, "score above which a detection may be raised", within=(0, 1), search=(0.01, 0.3)
    )
    match_thresh: float = param(0.7, "limit of the cost 1 - IoU, however alike", within=(0, 1), search=(0.5, 0.95))
    min_hits: int = param(
        3,
        "matches in a row after its first detection before a track is reported (at once in the first frames)",
        within=(0, 100),
        search=(0, 5),
        whole=True,
    )
    likely_boost: float = param(
        0.65, "what the largest IoU with a track is multiplied by to be a score", within=(0, 1), search=(0.3, 0.9)
    )
    confidence_weight: float = param(
        0.5, "weight of the confidence of track and detection, times IoU", within=(0, 10), search=(0, 1)
    )
    distance_weight: float = param(
        0.25, "weight of how likely the filter takes it for the track's", within=(0, 10), search=(0, 1)
    )
    shape_weight: float = param(
        0.25, "weight of alike shapes, times the confidence of both", within=(0, 10), search=(0, 1)
    )
    appearance_weight: float = param(3, "weight of the cosine similarity of looks", within=(0, 10), search=(0.5, 5))
    proximity_thresh: float = param(
        0.15, "smallest IoU at which looking alike is enough to match", within=(0, 1), search=(0.05, 0.3)
    )
    appearance_thresh: float = param(
        0.75, "smallest cosine similarity at which looking alike is enough to match", within=(0, 1), search=(0.3, 0.95)
    )
    with_reid: bool = param(
        False,
        "compare appearance: update(features=) must then be given",
        fixed="what is remembered of each track depends on it",
    )

    def agree(self) -> None:
        """Raise if no detection could be low."""
        check_low(self.track_low_thresh, self.track_high_thresh)

    def associations(self) -> tuple[Association, ...]:
        """Return the only one; tracks that are not reported yet take part in it like the rest."""
        usable, limit = Band("usable", "track_low_thresh", self.track_low_thresh, False), self.match_thresh
        return (
            Association(
                Stage.FIRST, "association", usable, "match_thresh", limit, cost=Cost.BOOSTED, one_pool=True
            ),
        )  # fmt: skip

    @property
    def memory(self) -> Appearance | None:
        """Appearance, with `with_reid`."""
        return Appearance(self.proximity_thresh, self.appearance_thresh) if self.with_reid else None

    @property
    def boosts(self) -> tuple[float, float, float, float, float]:
        """Weights of confidence, distance, shape and appearance, and what an overlap makes a score."""
        looks = self.appearance_weight if self.with_reid else 0.0
        return self.confidence_weight, self.distance_weight, self.shape_weight, looks, self.likely_boost

    @property
    def low_ones_join(self) -> bool:
        """Low detections may be raised."""
        return True
