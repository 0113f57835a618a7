"""Why an id began, was lost, came back, changed or ended: the stage and the threshold that decided, in words.

`Recorder` goes around a `Tracker` and keeps what it was given; `explain` replays that with a probe and turns one
id's life into events. Nothing here runs, and nothing is imported, unless it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numa_runtime.explain.explanation import Explanation
    from numa_runtime.explain.recorder import Recorder

__all__ = ["Explanation", "Recorder"]

_HOMES = {"Explanation": "explanation", "Recorder": "recorder"}


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
