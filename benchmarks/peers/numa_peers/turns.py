"""Resident processes timed in turns, A B A B: a slow phase of the machine slows all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.channel import Channel


def timed_turns(channels: Mapping[str, Channel], rounds: int, frames: int, watch: Watch) -> dict[str, list[list[int]]]:
    """Return the nanoseconds of each by name: a list per round; one more round at the start warms up.

    Raises:
        Failure: one gives no answer.
    """
    times: dict[str, list[list[int]]] = {name: [] for name in channels}
    for number in range(rounds + 1):
        for name, channel in channels.items():
            turn = list(channel.ask("run", "being timed", frames=frames)["ns"])
            if number > 0:
                times[name].append(turn)
        if watch.progress is not None:
            watch.progress(number, rounds)
    return times


def turn_ratio(mine: Sequence[Sequence[int]], base: Sequence[Sequence[int]]) -> float:
    """Return the median over rounds of a turn's median time over the reference's in the same round."""
    return median(median(one) / median(other) for one, other in zip(mine, base, strict=True))
