"""What something costs on a machine with slow phases: the quiet time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from numa_benchmarks.timing.distribution import Distribution

Times = Sequence[Sequence[int]]
"""Nanoseconds: one list per round, one entry per frame; a round that was cut short has fewer."""

SKIPPED = 10
"""Frames at the start that do not count: there all is new, and nothing to associate with."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one update costs, from interleaved rounds of the same frames; milliseconds.

    Attributes:
        quiet_ms: median over frames of each frame's best time in any round.
        all_ms: every round's every frame.
        frames: how many frames the figures rest on.
    """

    quiet_ms: float
    all_ms: Distribution
    frames: int

    @classmethod
    def of(cls, times: Times, frames: int | None = None) -> Cost:
        """Summarise interleaved rounds of the same frames.

        A slow phase of the machine hits every frame in some round, hardly ever in all of them, so the best of each
        frame is what the work itself takes; the median keeps what differs between frames.

        Args:
            times: nanoseconds, one list per round.
            frames: look at the first so many only; None: all.

        Raises:
            ValueError: no frame was timed.
        """
        reached = max(len(times_of_round) for times_of_round in times)
        end = reached if frames is None else min(frames, reached)
        start = skipped(end)
        best = [min(rounds[f] for rounds in times if f < len(rounds)) for f in range(start, end)]
        every = [ns / 1e6 for rounds in times for ns in rounds[start:end]]
        return cls(median(best) / 1e6, Distribution.of(every), len(best))

    def to_dict(self) -> dict[str, float]:
        """Return `track_ms_quiet`, `track_ms`, `track_ms_p50`, ..., `timed_frames`."""
        return {"track_ms_quiet": self.quiet_ms, **self.all_ms.to_dict("track_ms"), "timed_frames": self.frames}


def skipped(frames: int) -> int:
    """Return how many of `frames` frames do not count: fewer where a slow one did not get far."""
    return min(SKIPPED, frames // 2)
