"""Entry: one format that is to be in the table, and what it takes to get there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from numa_benchmarks.timing.command import Job


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be.

    name: unique among the entries ("onnx", "onnx fp16"); it names the worker in messages.
    artifact: the file or folder the worker opens; `make` is the job that writes it, None where it is there.
    worker: the command line of a worker for it (`numa_benchmarks.timing.worker`); empty where `reason` says, in
    words, why this format cannot be had at all. beside: whether the artifact may serve as the reference.
    """

    name: str
    format: str
    precision: str = ""
    artifact: Path | None = None
    make: Job | None = None
    worker: tuple[str, ...] = ()
    reason: str = ""
