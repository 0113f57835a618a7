"""Which parameters of a running tracker may change from one frame to the next, and why the others may not."""

from __future__ import annotations

from typing import Any

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.params.info import describe


def check_change(before: Any, after: Any) -> None:
    """Accept `after` in place of `before` while there are tracks.

    Args:
        before: a tracker's parameters.
        after: those that it is to have from the next frame on.

    Raises:
        TrackerError: another tracker, or a parameter that the tracks' memory is built on; it is named.
    """
    if type(before) is not type(after):
        raise TrackerError(
            f"{before.tracker_type} is following; it cannot become {after.tracker_type} and keep its ids",
            hint=f"tracker={before.tracker_type} goes on, persist=False begins anew",
        )
    for name, info in describe(type(before)):
        old, new = getattr(before, name), getattr(after, name)
        if info.fixed and old != new:
            raise TrackerError(
                f"{name} cannot change from {old} to {new} while there are tracks: {info.fixed}",
                hint=f"{name}={old} goes on, persist=False begins anew",
            )
