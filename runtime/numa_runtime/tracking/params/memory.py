"""What a tracker remembers of a track beyond its filter: some costs compare with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Observations:
    """The last detection, and the centres of the last `delta_t` frames (Cao et al. 2023).

    The filter of a track that is found again goes once more over the gap.

    Attributes:
        inertia: the weight of a steady direction.
    """

    delta_t: int
    inertia: float


@dataclass(frozen=True, slots=True)
class Appearance:
    """A vector of what the object looks like (Aharon et al. 2022).

    It counts where the IoU is at least `proximity` and the cosine similarity at least `similarity`.
    """

    proximity: float
    similarity: float


Memory = Observations | Appearance
