"""`device=` as a word of a run: fine where the model runs there already."""

from __future__ import annotations

from numa_runtime.errors import UsageError
from numa_runtime.sessions.device import parse_device


def device_name(used: str) -> str:
    """Return the word for a session's device: "cpu" of "cpu, 2 threads"."""
    return used.partition(",")[0].partition(" (")[0]


def check_device(word: str | None, used: str) -> None:
    """Raise where a run asks for another device than the one its model was opened on.

    Args:
        word: what was asked for; None and "auto" ask for nothing.
        used: the session's device, in its words: "cpu, 2 threads", "cuda:0 (NVIDIA H100), ...".

    Raises:
        UsageError: another device, or no device at all.
    """
    wanted, runs_on = str(parse_device(word)), device_name(used)
    if wanted not in ("auto", runs_on):
        raise UsageError(
            f"this model runs on {runs_on}; a run does not move it to {wanted}",
            hint=f'open it there: YOLO(..., device="{wanted}"), or model.to("{wanted}") before the run',
        )
