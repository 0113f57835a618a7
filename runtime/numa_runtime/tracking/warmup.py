"""Saying, once, that kernels are being compiled: the only moment a user waits for nothing visible."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from numba.core.event import Event, Listener, install_listener

SENTENCE = "compiling the tracker for this machine, once (a few seconds; later runs load it from the cache)"

_log = logging.getLogger("numa_runtime")


class _FirstCompile(Listener):  # type: ignore[misc]
    """Passes on the first start of a compilation, none of the others."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say: Callable[[str], None] | None = say

    def on_start(self, event: Event) -> None:
        """Say the sentence, the first time."""
        say, self._say = self._say, None
        if say is not None:
            say(SENTENCE)

    def on_end(self, event: Event) -> None:
        """Do nothing."""


def announced(work: Callable[[], Any], say: Callable[[str], None] | None = None) -> float:
    """Run `work`; tell `say` (default: a warning in the log) if numba compiles meanwhile; return the seconds.

    A kernel that comes from the cache on disk does not count as compiling.
    """
    begin = perf_counter()
    with install_listener("numba:compile", _FirstCompile(say or _log.warning)):
        work()
    return perf_counter() - begin
