"""A B C A B C: workers timed in turns, so that a machine that slows down slows all of them alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numa_benchmarks.progress import Progress
from numa_benchmarks.timing.failure import Failure
from numa_benchmarks.timing.messages import Timed
from numa_benchmarks.timing.worker import Worker


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often every worker is timed.

    Attributes:
        rounds: how many turns each worker has; one more round at the start warms up.
        frames: how many frames a turn has.
    """

    rounds: int = 20
    frames: int = 5


def in_turns(
    workers: Sequence[Worker], schedule: Schedule, progress: Progress | None = None
) -> dict[str, Timed | Failure]:
    """Time all workers in turns; only the worker whose turn it is runs.

    Args:
        workers: who is timed.
        schedule: how many rounds, of how many frames.
        progress: called with (rounds done, all rounds).

    Returns:
        By worker name, the milliseconds of all its turns, or its failure: one that fails is out for the rounds that
        follow, and the others go on.
    """
    found: dict[str, Timed | Failure] = {}
    alive = list(workers)
    for number in range(schedule.rounds + 1):
        for worker in list(alive):
            try:
                turn = worker.time(schedule.frames)
            except Failure as failure:
                found[worker.name] = failure
                alive.remove(worker)
                continue
            if number > 0:
                before = found.get(worker.name)
                found[worker.name] = before + turn if isinstance(before, Timed) else turn
        if progress is not None:
            progress(number, schedule.rounds)
    return found
