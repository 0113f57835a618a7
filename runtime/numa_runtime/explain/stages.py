"""A tracker's associations as data: who takes part, which scores, which limit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """What a track is before a frame."""

    TRACKED = "tracked"
    LOST = "lost"
    UNCONFIRMED = "unconfirmed"


class Reference(StrEnum):
    """The box of a track that a stage compares with detections."""

    PREDICTED = "predicted"
    LAST_SEEN = "last seen"


EVERYBODY = frozenset(Standing)
CONFIRMED = frozenset({Standing.TRACKED, Standing.LOST})


@dataclass(frozen=True, slots=True)
class Band:
    """The scores a stage takes: from `low` (`low_named` is the parameter) up to `high`, or to 1 without.

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
class Stage:
    """One association: pairs of `takes` and `band` whose cost 1 - strength is below `limit`."""

    name: str
    takes: frozenset[Standing]
    band: Band
    limit_name: str
    limit: float
    fused: bool
    reference: Reference = Reference.PREDICTED

    @property
    def needed(self) -> float:
        """What the strength of a pair (IoU, times score where `fused`) must exceed."""
        return 1.0 - self.limit

    def strength(self, overlap: float, score: float) -> float:
        """Return what is compared: the overlap, times the detection's score if the stage is fused."""
        return overlap * score if self.fused else overlap


def stages_of(params: Any) -> tuple[Stage, ...]:
    """Return the associations of a tracker with these parameters, in their order.

    A tracker without low scores (SORT) has one; OC-SORT recovers tracks by their last detection, and takes low ones
    only with `use_byte`. Its preference for a steady direction, like BoT-SORT's appearance, is no limit and not told.
    """
    high = Band("high", "track_high_thresh", params.track_high_thresh, True)
    if not hasattr(params, "track_low_thresh"):
        return (Stage("association", EVERYBODY, high, "match_thresh", params.match_thresh, False),)
    fused = bool(params.fuse_score)
    stages = [Stage("first association", CONFIRMED, high, "match_thresh", params.match_thresh, fused)]
    if hasattr(params, "recovery_match_thresh"):
        limit = params.recovery_match_thresh
        stages.append(Stage("recovery", CONFIRMED, high, "recovery_match_thresh", limit, False, Reference.LAST_SEEN))
    if getattr(params, "use_byte", True):
        low = Band("low", "track_low_thresh", params.track_low_thresh, False, params.track_high_thresh)
        takes = frozenset({Standing.TRACKED})
        limit = params.second_match_thresh
        stages.append(
            Stage("second association", takes, low, "second_match_thresh", limit, fused and bool(params.classic))
        )
    takes, limit = frozenset({Standing.UNCONFIRMED}), params.unconfirmed_match_thresh
    stages.append(Stage("association of new tracks", takes, high, "unconfirmed_match_thresh", limit, fused))
    return tuple(stages)
