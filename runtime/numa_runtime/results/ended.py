"""Which identities ended with a frame."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_runtime.results.array import Array, as_array


def _none() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """The ids that ended with this frame.

    Only ids that some result of the same timeline carried are reported, each once, and none of them comes back: what
    is kept per id may be closed (only `compat="classic"` lets a removed track come back, as published). Box ids and
    ball ids are counted separately. The ids present in a timeline's last frame are not reported: the timeline ends
    with it.

    Attributes:
        box_ids: int64 (k,), empty where nothing is tracked.
        ball_ids: int64 (k,), empty where nothing is tracked.
    """

    box_ids: NDArray[np.int64] = field(default_factory=_none)
    ball_ids: NDArray[np.int64] = field(default_factory=_none)

    @classmethod
    def of(cls, boxes: ArrayLike = (), balls: ArrayLike = ()) -> Ended:
        """Make one from anything array-like."""
        return cls(np.asarray(boxes).astype(np.int64).reshape(-1), np.asarray(balls).astype(np.int64).reshape(-1))

    @property
    def boxes(self) -> Array:
        """int64 (k,): ids of `results.boxes` that ended."""
        return as_array(self.box_ids)

    @property
    def balls(self) -> Array:
        """int64 (k,): ids of `results.balls` that ended."""
        return as_array(self.ball_ids)

    def __len__(self) -> int:
        return len(self.box_ids) + len(self.ball_ids)
