"""A tracker's associations, as its parameters declare them, under the names that the explanations use."""

from __future__ import annotations

from numa_runtime.tracking.params import TrackerParams
from numa_runtime.tracking.params.associations import Association, Band, Reference, Standing

__all__ = ["Association", "Band", "Reference", "Standing", "stages_of"]


def stages_of(params: TrackerParams) -> tuple[Association, ...]:
    """Return the associations of a tracker with these parameters, in their order.

    A preference for a steady direction, like one for what looks alike, is no limit and not told.
    """
    return params.associations()
