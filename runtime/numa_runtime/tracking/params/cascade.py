"""What ByteTrack and the trackers that grew out of it share: detections in two heaps, associated in turn."""

from __future__ import annotations

from dataclasses import dataclass

from numa_runtime.tracking.params.associations import Association, Band, Stage
from numa_runtime.tracking.params.base import TrackerParams
from numa_runtime.tracking.params.info import check_low, param


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeParams(TrackerParams):
    """High detections first, then low ones, then tracks that were seen once (Zhang et al. 2022)."""

    track_low_thresh: float = param(
        0.1, "score above which a detection takes part in the second association", within=(0, 1), search=(0.01, 0.3)
    )
    fuse_score: bool = param(True, "multiply IoU by the detection's score before comparing", search=(False, True))
    second_match_thresh: float = param(
        0.5, "second association: limit of the cost 1 - IoU", within=(0, 1), search=(0.3, 0.9)
    )
    unconfirmed_match_thresh: float = param(
        0.7, "tracks not reported yet: limit of the cost 1 - IoU (times score)", within=(0, 1), search=(0.5, 0.95)
    )
    duplicate_thresh: float = param(
        0.15, "a tracked and a lost track nearer than this cost 1 - IoU are one", within=(0, 1), search=(0.05, 0.4)
    )

    def agree(self) -> None:
        """Raise if no detection could be low."""
        check_low(self.track_low_thresh, self.track_high_thresh)

    def associations(self) -> tuple[Association, ...]:
        """Return the published three; classic, the second one's IoU is multiplied by the score too."""
        high, low, fused = self.high_scores, self.low_scores, self.fuse_score
        second_limit, new_limit = self.second_match_thresh, self.unconfirmed_match_thresh
        return (
            Association(Stage.FIRST, "first association", high, "match_thresh", self.match_thresh, fused),
            Association(
                Stage.SECOND, "second association", low, "second_match_thresh", second_limit, fused and self.classic
            ),
            Association(
                Stage.UNCONFIRMED, "association of new tracks", high, "unconfirmed_match_thresh", new_limit, fused
            ),
        )

    @property
    def low_scores(self) -> Band:
        """The scores of detections that take part in the second association."""
        return Band("low", "track_low_thresh", self.track_low_thresh, False, self.track_high_thresh)

    @property
    def duplicate_limit(self) -> float:
        """The cost 1 - IoU below which a tracked and a lost track are one."""
        return self.duplicate_thresh
