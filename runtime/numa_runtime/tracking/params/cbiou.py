"""C-BIoU's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.tracking.params.associations import Association, Stage
from numa_runtime.tracking.params.base import TrackerParams
from numa_runtime.tracking.params.info import param
from numa_runtime.tracking.params.memory import Observations
from numa_runtime.tracking.params.ocsort import LONGEST_DELTA_T


@dataclass(frozen=True, slots=True, kw_only=True)
class CBIoUParams(TrackerParams):
    """C-BIoU: boxes grow before they are compared, a little at first and more for what is left.

    Yang et al. 2023, "Hard to Track Objects with Irregular Motions and Similar Appearances? Make It Easier by Buffering
    the Matching Space" (WACV): buffered IoU, the cascade of two buffers over all tracks, and no Kalman filter: a track
    moves on by the mean motion of its last `motion_frames` frames, sides included.

    Not taken from the paper: it solves first and rejects afterwards (here the optimum is taken among the pairs that
    may match). The paper's limits, number of frames and rules of birth could not be looked up; those here did best on
    MOT17 and SportsMOT. `state` says which numbers of a box move on (a lost track's sides stay, but not those of xyxy
    and xysr); `motion_frames=0` follows with the Kalman filter instead.
    """

    tracker_type: ClassVar[str] = "cbiou"

    track_high_thresh: float = param(0.25, "score from which a detection takes part", within=(0, 1), search=(0.1, 0.7))
    match_thresh: float = param(
        0.7, "first association: limit of the cost 1 - buffered IoU", within=(0, 1), search=(0.5, 0.99)
    )
    first_buffer: float = param(
        0.3, "first association: share of its sides a box grows by on each side", within=(0, 5), search=(0, 0.8)
    )
    second_buffer: float = param(
        0.5, "second association: the same; more than the first", within=(0, 5), search=(0.1, 1.5)
    )
    second_match_thresh: float = param(
        0.7, "second association: limit of the cost 1 - buffered IoU", within=(0, 1), search=(0.5, 0.99)
    )
    motion_frames: int = param(
        10,
        "frames whose mean motion a track moves on by; 0: a Kalman filter",
        within=(0, LONGEST_DELTA_T),
        search=(0, 20),
        whole=True,
        fixed="what is remembered of each track depends on it",
    )

    def associations(self) -> tuple[Association, ...]:
        """Return the two, of all tracks; those that are not reported yet take part like the rest."""
        first, second, high = self.match_thresh, self.second_match_thresh, self.high_scores
        return (
            Association(
                Stage.FIRST, "first association", high, "match_thresh", first, one_pool=True, buffer=self.first_buffer
            ),
            Association(
                Stage.RECOVERY, "second association", high, "second_match_thresh", second, one_pool=True,
                buffer=self.second_buffer,
            ),
        )  # fmt: skip

    @property
    def memory(self) -> Observations | None:
        """The boxes that the mean motion is made of."""
        n = self.motion_frames
        return Observations(n, replayed=False, averaged=True) if n else None
