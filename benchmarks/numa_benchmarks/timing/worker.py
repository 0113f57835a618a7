"""The benchmark's side of a worker: a resident process that holds one model and is asked, never interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any, Protocol

from numa_benchmarks.progress import Progress
from numa_benchmarks.timing.channel import Channel
from numa_benchmarks.timing.messages import Loaded, Stats, Step, Timed


class Worker(Protocol):
    """One model in a process of its own. Every call raises `Failure` where the process gives no answer."""

    name: str

    def load(self) -> Loaded: ...
    def stats(self) -> Stats: ...
    def validate(self, progress: Progress | None = None) -> dict[str, Any]:
        """Return the metrics under the keys of `val --json`."""
        ...

    def time(self, frames: int) -> Timed: ...
    def close(self) -> None: ...

    @property
    def first_result_s(self) -> float:
        """Seconds from the start of the process to the first result; known after `load`."""
        ...


class ProcessWorker:
    """A worker behind a command line that speaks `numa_benchmarks.timing.messages`.

    Args:
        name: who it is, in warnings.
        command: the worker's command line.
        limit_s: the longest silence, seconds; a worker that says nothing for so long is killed.
    """

    def __init__(self, name: str, command: Sequence[str], limit_s: float) -> None:
        self.name = name
        self.first_result_s = 0.0
        self._started = perf_counter()
        self._channel = Channel(name, command, limit_s)

    def load(self) -> Loaded:
        """Open the model and see one image."""
        loaded = Loaded.of(self._ask(Step.LOAD))
        self.first_result_s = perf_counter() - self._started
        return loaded

    def stats(self) -> Stats:
        """Measure its memory."""
        return Stats.of(self._ask(Step.STATS))

    def validate(self, progress: Progress | None = None) -> dict[str, Any]:
        """Score it on the labelled images."""
        return self._ask(Step.VALIDATE, progress=progress)

    def time(self, frames: int) -> Timed:
        """Run `frames` frames."""
        return Timed.of(self._ask(Step.TIME, frames=frames))

    def close(self) -> None:
        """Ask it to end, and end it."""
        self._channel.close()

    def _ask(self, step: Step, *, progress: Progress | None = None, **words: Any) -> dict[str, Any]:
        return self._channel.ask(step.value, step.doing, progress=progress, **words)
