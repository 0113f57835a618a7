"""Why an id began, was lost, came back, changed or ended: the stage and the threshold that decided, in words.

`Recorder` goes around a `Tracker` and keeps what it was given; `explain` replays that with a probe and turns one
id's life into events. Nothing here runs, and nothing is imported, unless it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_runtime.explain.explanation import Explanation
    from numa_runtime.explain.recorder import Recorder

__all__ = ["Explanation", "Recorder"]

_HOMES = {"Explanation": "explanation", "Recorder": "recorder"}

__getattr__, __dir__ = lazy(__name__, _HOMES)
