"""ONNX files side by side in one ONNX Runtime: resident processes in turns."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_benchmarks.grid import Grid, GridRow
from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.channel import Channel
from numa_benchmarks.timing.quiet import Cost
from numa_peers.catalogue import FOLDER
from numa_peers.turns import timed_turns, turn_ratio
from numa_runtime.files import size_mb


@dataclass(frozen=True, slots=True)
class FileRules:
    """How often everybody's turn comes, runs in a turn, threads, and whether idle threads spin."""

    rounds: int = 16
    frames: int = 5
    threads: int = 2
    spinning: bool = False
    limit_s: float = 120.0


@dataclass(frozen=True, slots=True)
class FileStanding:
    """One file. ratio: median over rounds of its turn's median time over the reference's turn in the same round."""

    name: str
    path: Path
    model_input: str
    cost: Cost
    ratio: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        times = {key.replace("track", "inference"): value for key, value in self.cost.to_dict().items()}
        ratio = {"ratio_to_reference": self.ratio}
        return {"file": self.name, "size_mb": size_mb(self.path), "input": self.model_input, **times, **ratio}


def compare(files: Mapping[str, Path], rules: FileRules, watch: Watch | None = None) -> tuple[FileStanding, ...]:
    """Time files by name; the first is the reference.

    Raises:
        Failure: ONNX Runtime cannot open or run one.
    """
    told = watch or Watch()
    channels: dict[str, Channel] = {}
    inputs: dict[str, str] = {}
    try:
        for name, path in files.items():
            told.note(f"{name}: loading {path}")
            words = (str(path), str(rules.threads), str(int(rules.spinning)))
            channels[name] = Channel(name, (sys.executable, str(FOLDER / "serve_onnx.py"), *words), rules.limit_s)
            model_input = channels[name].ask("load", "loading the model")
            inputs[name] = f"{model_input['dtype']} {'x'.join(map(str, model_input['shape']))}"
        times = timed_turns(channels, rules.rounds, rules.frames, told)
    finally:
        for channel in channels.values():
            channel.close()
    base = times[next(iter(files))]
    return tuple(
        FileStanding(name, path, inputs[name], Cost.of(times[name]), turn_ratio(times[name], base))
        for name, path in files.items()
    )


def file_grid(standings: Sequence[FileStanding]) -> Grid:
    """Return the table."""
    rows = tuple(
        GridRow(
            (
                one.name,
                one.model_input,
                f"{size_mb(one.path):.1f}",
                f"{one.cost.quiet_ms:.1f}",
                f"{one.cost.all_ms.p50:.1f}",
                f"{one.ratio:.3f}",
            )
        )
        for one in standings
    )
    return Grid(("file", "input", "size MB", "quiet ms", "p50 ms", "ratio"), rows, labels=2)
