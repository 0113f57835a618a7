"""Where the time of a run went, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

STAGES = ("decode", "preprocess", "inference", "postprocess", "reid", "record", "track", "draw", "write")


class StageClock:
    """Adds up seconds per stage; constant memory however long the run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.started = perf_counter()

    def add(self, stage: str, seconds: float) -> None:
        """Add `seconds` to `stage`."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a block as `name`."""
        start = perf_counter()
        try:
            yield
        finally:
            self.add(name, perf_counter() - start)

    def waiting(self, items: Iterable[T], name: str) -> Iterator[T]:
        """Yield from `items`, counting the time spent waiting for each as `name`."""
        iterator = iter(items)
        while True:
            start = perf_counter()
            try:
                item = next(iterator)
            except StopIteration:
                return
            self.add(name, perf_counter() - start)
            yield item

    def elapsed(self) -> float:
        """Return seconds since the clock was made."""
        return perf_counter() - self.started

    def mean_ms(self, frames: int) -> dict[str, float]:
        """Return milliseconds per frame of every stage that ran, in pipeline order."""
        count = max(frames, 1)
        return {name: 1e3 * self.seconds[name] / count for name in STAGES if name in self.seconds}
