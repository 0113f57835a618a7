"""What a tracker remembers of a track beyond its filter: some costs compare with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Observations:
    """The last detection, and the boxes of the last `delta_t` frames (Cao et al. 2023).

    Attributes:
        inertia: the weight of a steady direction.
        replayed: whether the filter of a track that is found again goes once more over the gap.
        averaged: whether their mean motion takes the filter's place.
        score_weights: of a score other than the expected one, in the first and the second association; None: scores are
            not remembered.
    """

    delta_t: int
    inertia: float = 0.0
    replayed: bool = True
    averaged: bool = False
    score_weights: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """A vector of what the object looks like (Aharon et al. 2022).

    It counts where the IoU is at least `proximity` and the cosine similarity at least `similarity`.
    """

    proximity: float
    similarity: float


@dataclass(frozen=True, slots=True)
class Occlusions:
    """The filter's last means after an update, and since when another track covers this one (FastTracker).

    Attributes:
        cover: the share of a box above which another covers it.
        position_back: the update whose box a covered track falls back to, 1 being the last; 0: none.
        velocity_back: the same of the velocity.
        growth: what the box's sides are then multiplied by.
        damping: what the velocity is then multiplied by.
        coasting: nominal frames that a track stays tracked without a detection.
        given_up: in which nominal frame, from 1, a covered track is lost.
        reappearing: for how many nominal frames from then on it is kept at least.
    """

    cover: float
    position_back: int
    velocity_back: int
    growth: float
    damping: float
    coasting: float
    given_up: float
    reappearing: float

    @property
    def depth(self) -> int:
        """How many means are kept."""
        return max(1, self.position_back, self.velocity_back)


Memory = Observations | Appearance | Occlusions
