"""What a tracker's associations are, as data that the kernels and the explanations both read.

A frame is always taken in the same order (`Stage`); a tracker's parameters say which of these stages it has, what a
pair of track and detection costs there, and below which limit it matches.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from numa_runtime.tracking.kernels import order
from numa_runtime.tracking.params.memory import Appearance, Memory, Observations


class Standing(StrEnum):
    """What a track is before a frame."""

    TRACKED = "tracked"
    LOST = "lost"
    UNCONFIRMED = "unconfirmed"


CONFIRMED = frozenset({Standing.TRACKED, Standing.LOST})


class Stage(IntEnum):
    """Where in a frame tracks and detections can be associated; the numbers are the kernels'."""

    FIRST = order.FIRST
    SECOND = order.SECOND
    RECOVERY = order.RECOVERY
    UNCONFIRMED = order.UNCONFIRMED

    @property
    def takes(self) -> frozenset[Standing]:
        """What tracks take part; after the first stage only those that are left."""
        if self is Stage.UNCONFIRMED:
            return frozenset({Standing.UNCONFIRMED})
        return frozenset({Standing.TRACKED}) if self is Stage.SECOND else CONFIRMED


class Reference(StrEnum):
    """The box of a track that detections are compared with."""

    PREDICTED = "predicted"
    LAST_SEEN = "last seen"


class Cost(IntEnum):
    """What a pair costs; the numbers are the kernels'.

    OVERLAP: 1 - IoU. LAST_SEEN: the same, of the box that was measured last. MOMENTUM: a change of direction costs
    extra. APPEARANCE: looking alike makes it cheaper. WEAK_CUES: a change of the corners' direction costs extra, and a
    score other than the expected one. FALLING_SCORE: the latter, for low detections. ALL_CUES: both, and what a low
    detection costs extra; matched by rounds. BOOSTED: less where track and detection are sure of themselves, where the
    filter expects it, where the shapes fit, where they look alike.
    """

    OVERLAP = order.OVERLAP
    LAST_SEEN = order.LAST_SEEN
    MOMENTUM = order.MOMENTUM
    APPEARANCE = order.APPEARANCE
    WEAK_CUES = order.WEAK_CUES
    FALLING_SCORE = order.FALLING_SCORE
    ALL_CUES = order.ALL_CUES
    BOOSTED = order.BOOSTED

    @property
    def reference(self) -> Reference:
        """The box of a track that is compared."""
        return Reference.LAST_SEEN if self is Cost.LAST_SEEN else Reference.PREDICTED

    @property
    def compares_with(self) -> type[Memory] | None:
        """What must be remembered of a track for it; None: nothing."""
        if self in (Cost.OVERLAP, Cost.BOOSTED):  # appearance counts there if it is remembered
            return None
        return Appearance if self is Cost.APPEARANCE else Observations


@dataclass(frozen=True, slots=True)
class Band:
    """The scores an association takes: from `low` (`low_name` is the parameter) up to `high`, or to 1 without.

    `low_inside` says whether a score equal to `low` belongs to it; `high` never does.
    """

    word: str
    low_name: str
    low: float
    low_inside: bool
    high: float | None = None

    def __contains__(self, score: float) -> bool:
        above = score >= self.low if self.low_inside else score > self.low
        return above and (self.high is None or score < self.high)


@dataclass(frozen=True, slots=True)
class Association:
    """One association of tracks with detections of `band`: pairs match whose cost is below `limit`.

    Args:
        stage: where in the frame it stands; at most one association stands there.
        name: how a sentence calls it.
        band: the scores of its detections; the low ones in the second stage, the high ones elsewhere.
        limit_name: the parameter that sets `limit`.
        limit: the cost from which nothing is matched.
        fused: whether the IoU is multiplied by the detection's score.
        cost: what a pair costs.
        one_pool: whether unconfirmed tracks take part too (in all of a tracker's associations, or in none).
        buffer: what share of their sides both boxes grow by on each side before they are compared.
        by_height: whether the IoU of the heights modulates the overlap (upright boxes only).
        lost_too: whether lost tracks take part in the second stage too, as they do where recovery follows it.
    """

    stage: Stage
    name: str
    band: Band
    limit_name: str
    limit: float
    fused: bool = False
    cost: Cost = Cost.OVERLAP
    one_pool: bool = False
    lost_too: bool = False
    buffer: float = 0.0
    by_height: bool = False

    @property
    def takes(self) -> frozenset[Standing]:
        """What tracks take part."""
        also = {Standing.UNCONFIRMED} if self.one_pool else set()
        return self.stage.takes | also | ({Standing.LOST} if self.lost_too else set())

    @property
    def reference(self) -> Reference:
        """The box of a track that is compared."""
        return self.cost.reference

    @property
    def measure(self) -> str:
        """How a sentence calls the overlap that is compared."""
        if self.buffer:
            return "buffered IoU"
        return "height-modulated IoU" if self.by_height else "IoU"

    @property
    def needed(self) -> float:
        """What the strength of a pair (IoU, times score where `fused`) must exceed."""
        return 1.0 - self.limit

    def strength(self, overlap: float, score: float) -> float:
        """Return what is compared: the overlap, times the detection's score if `fused`."""
        return overlap * score if self.fused else overlap
