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


Memory = Observations | Appearance
