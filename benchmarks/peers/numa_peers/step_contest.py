"""Our training step and ultralytics' of the same network, in turns."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_benchmarks.grid import Grid, GridRow
from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.channel import Channel
from numa_benchmarks.timing.quiet import Cost
from numa_peers.catalogue import FOLDER
from numa_peers.environment import quiet_environ
from numa_peers.turns import timed_turns, turn_ratio

OURS, THEIRS = "numa-deploy", "ultralytics"


@dataclass(frozen=True, slots=True)
class StepRules:
    """Network, side and batch of the step; turns of each, steps in a turn, threads, the longest silence."""

    network: str = "yolov8n.yaml"
    side: int = 320
    batch: int = 16
    rounds: int = 8
    frames: int = 3
    threads: int = 2
    limit_s: float = 600.0


@dataclass(frozen=True, slots=True)
class StepStanding:
    """One trainer. ratio: median over rounds of its turn's median time over ultralytics' in the same round."""

    name: str
    torch: str
    cost: Cost
    ratio: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        times = {key.replace("track", "step"): value for key, value in self.cost.to_dict().items()}
        return {"trainer": self.name, "torch": self.torch, **times, "ratio_to_reference": self.ratio}


def compare_steps(
    interpreters: dict[str, Path], rules: StepRules, home: Path, watch: Watch | None = None
) -> tuple[StepStanding, ...]:
    """Time trainers by name (`OURS`, `THEIRS`), each by its environment's interpreter; the first is the reference.

    Raises:
        Failure: one cannot take a step.
    """
    told = watch or Watch()
    channels: dict[str, Channel] = {}
    versions: dict[str, str] = {}
    try:
        for name, python in interpreters.items():
            told.note(f"{name}: two steps of {rules.network}")
            words = (name, rules.network, *(str(number) for number in (rules.side, rules.batch, rules.threads)))
            command = (str(python), str(FOLDER / "serve_step.py"), *words)
            channels[name] = Channel(name, command, rules.limit_s, quiet_environ(home))
            versions[name] = str(channels[name].ask("load", "loading")["torch"])
        times = timed_turns(channels, rules.rounds, rules.frames, told)
    finally:
        for channel in channels.values():
            channel.close()
    base = times[next(iter(interpreters))]
    return tuple(
        StepStanding(name, versions[name], Cost.of(times[name]), turn_ratio(times[name], base)) for name in interpreters
    )


def own_interpreter() -> Path:
    """Return the interpreter that runs this."""
    return Path(sys.executable)


def step_grid(standings: tuple[StepStanding, ...]) -> Grid:
    """Return the table."""
    rows = tuple(
        GridRow((one.name, one.torch, f"{one.cost.quiet_ms:.0f}", f"{one.cost.all_ms.p50:.0f}", f"{one.ratio:.3f}"))
        for one in standings
    )
    return Grid(("trainer", "torch", "quiet ms", "p50 ms", "ratio"), rows, labels=2)
