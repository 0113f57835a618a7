"""What `track(persist=...)` goes on with: the timeline of the calling thread, or one that has a name."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from numa_runtime.errors import UsageError
from numa_runtime.pipeline.following import Follower
from numa_runtime.pipeline.model import Model

log = logging.getLogger("numa_runtime")


@dataclass(frozen=True, slots=True)
class Timeline:
    """What goes on from frame to frame.

    Attributes:
        model: holds the clip window.
        follower: holds tracks and ids.
    """

    model: Model
    follower: Follower


class Timelines:
    """The timelines that a later call may continue.

    `persist=True` continues the last one of the calling thread, so that a thread per camera needs no names; a name
    is one timeline for whoever says it, whichever thread that is (a pool of workers).
    """

    def __init__(self) -> None:
        self._own = threading.local()
        self._named: dict[str, Timeline] = {}
        self._first_thread: int | None = None
        self._said = False

    def find(self, persist: bool | str) -> Timeline | None:
        """Return the timeline to continue, or None where a new one begins.

        Raises:
            UsageError: a run that was not read to its end still uses it.
        """
        timeline = self._named.get(persist) if isinstance(persist, str) else getattr(self._own, "last", None)
        if not persist or timeline is None:
            self._tell_of_threads(persist)
            return None
        if timeline.model.running:
            raise UsageError(
                "persist continues the timeline of the call before, and that call still runs",
                hint="read its generator to the end or close it, or give the other frames a timeline: persist='NAME'",
            )
        return timeline

    def keep(self, persist: bool | str, timeline: Timeline) -> None:
        """Let a later call continue `timeline`."""
        if isinstance(persist, str) and persist:
            self._named[persist] = timeline
        else:
            self._own.last = timeline

    def forget(self, persist: bool | str) -> None:
        """Let the next call begin anew; harmless where there is no such timeline."""
        if isinstance(persist, str):
            self._named.pop(persist, None)
        elif hasattr(self._own, "last"):
            del self._own.last

    def _tell_of_threads(self, persist: bool | str) -> None:
        """Say once that a second thread has ids of its own."""
        if persist is not True:
            return
        thread = threading.get_ident()
        self._first_thread = self._first_thread or thread
        if thread != self._first_thread and not self._said:
            self._said = True
            log.warning(
                "persist=True: every thread has a timeline and ids of its own; persist='NAME' is one for all threads"
            )
