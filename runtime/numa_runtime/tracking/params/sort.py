"""SORT's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.tracking.params.associations import Association, Stage
from numa_runtime.tracking.params.base import TrackerParams
from numa_runtime.tracking.params.info import param


@dataclass(frozen=True, slots=True, kw_only=True)
class SortParams(TrackerParams):
    """SORT: one association by IoU, tracks that end soon and are reported late.

    Bewley et al. 2016, "Simple Online and Realtime Tracking" (ICIP). Its IoU_min of 0.3 is a `match_thresh` of
    0.7 here, its T_Lost (max_age) of 1 is `track_buffer`, and `min_hits` is 3; the filter is the one of its
    successors, on centre, width and height (the paper's, on centre, area and aspect, is state=xysr). The paper solves
    first and rejects afterwards; here the optimum is taken among the pairs that may match.
    """

    tracker_type: ClassVar[str] = "sort"

    track_high_thresh: float = param(0.25, "score from which a detection takes part", within=(0, 1), search=(0.1, 0.7))
    match_thresh: float = param(0.7, "limit of the cost 1 - IoU", within=(0, 1), search=(0.5, 0.95))
    track_buffer: float = param(
        1, "how long a lost track is kept (T_Lost), in frames at `frame_rate`", within=(0, 1e6), search=(1, 60)
    )
    min_hits: int = param(
        3,
        "matches in a row after its first detection before a track is reported (at once in the first frames)",
        within=(0, 100),
        search=(0, 5),
        whole=True,
    )

    def associations(self) -> tuple[Association, ...]:
        """Return the only one; tracks that are not reported yet take part in it like the rest."""
        high, limit = self.high_scores, self.match_thresh
        return (Association(Stage.FIRST, "association", high, "match_thresh", limit, one_pool=True),)
