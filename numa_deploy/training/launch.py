"""The processes of a training on several devices: this one is rank 0 and starts the others."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic, sleep
from typing import IO

import torch
from torch import distributed
from torch._C._distributed_c10d import Store, TCPStore

from numa_deploy.training.failures import TrainingError
from numa_deploy.training.ranks import Ranks
from numa_deploy.training.train_options import TrainOptions
from numa_runtime.sessions.threads import thread_count

LONGEST = timedelta(days=7)
"""How long ranks wait for each other: rank 0 validates meanwhile. One that is gone is noticed at once all the same."""

HELPER = "numa_deploy.training.helper"
"""What the other ranks run."""

GRACE_SECONDS = 10.0
"""How long a rank that failed has to say why."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What another rank is to do.

    Attributes:
        options: the recipe, settled.
        folder: of the run.
        places: the devices, by rank.
        rank: its number.
        port: where rank 0 listens.
        threads: of each rank's CPU work: sums in other threads are other bits.
    """

    options: TrainOptions
    folder: Path
    places: tuple[str, ...]
    rank: int
    port: int
    threads: int


@contextmanager
def together(options: TrainOptions, folder: Path, places: Sequence[torch.device]) -> Iterator[Ranks]:
    """Start a process for every device but the first, and yield this one's place among them.

    The others are processes of their own (`python -m numa_deploy.training.helper`), not copies of the caller's script:
    so it needs no `if __name__ == "__main__"`, and a notebook trains too.

    Raises:
        NumaError: the error of a rank that failed, whatever it then broke here.
    """
    if len(places) == 1:
        yield Ranks(places[0])
        return
    store = TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False, timeout=LONGEST)
    said = tuple(map(str, places))
    helpers: list[_Helper] = []
    try:
        assignments = [
            Assignment(options, folder, said, rank, store.port, thread_count(None)) for rank in range(1, len(said))
        ]
        helpers.extend(map(_Helper, assignments))
        _wait(store, helpers)
        yield joined(store, places, 0)
    except RuntimeError as error:  # as torch says that a rank is gone
        failed = _failed(helpers)
        if failed is None:
            raise
        raise failed from error
    else:
        for helper in helpers:
            helper.process.wait()
    finally:
        for helper in helpers:
            helper.close()
        if distributed.is_initialized():
            distributed.destroy_process_group()


def joined(store: Store, places: Sequence[torch.device], rank: int) -> Ranks:
    """Join the others; return this process' place among them."""
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=len(places), timeout=LONGEST)
    group = None
    if places[rank].type == "cuda":
        torch.cuda.set_device(places[rank])
        group = distributed.new_group(backend="nccl")
    return Ranks(places[rank], rank, len(places), group)


class _Helper:
    """Another rank's process; it says by what error it ended."""

    def __init__(self, assignment: Assignment) -> None:
        self.name = f"rank {assignment.rank} ({assignment.places[assignment.rank]})"
        self._said: IO[bytes] = TemporaryFile()  # noqa: SIM115 - until it is closed
        path = os.pathsep.join(filter(None, sys.path))
        self.process = subprocess.Popen(
            [sys.executable, "-m", HELPER],
            stdin=subprocess.PIPE, stdout=self._said, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        assert self.process.stdin is not None
        with suppress(BrokenPipeError), self.process.stdin as pipe:
            pickle.dump(assignment, pipe)

    def error(self) -> BaseException | None:
        """Return why it failed; None where it did not, or only because another did."""
        code = self.process.returncode
        if not code:
            return None
        self._said.seek(0)
        text = self._said.read()
        if text:
            found: BaseException | None = pickle.loads(text)
            return found
        how = f"was ended by the signal {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        return TrainingError(
            f"the process of {self.name} {how}", hint="what was kept last goes on with --resume, on fewer devices too"
        )

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        self._said.close()


def _wait(store: Store, helpers: Sequence[_Helper]) -> None:
    """Wait until all have come; raise the error of one that ended before it did."""
    names = [came(rank + 1) for rank in range(len(helpers))]
    while not store.check(names):
        if any(helper.process.poll() is not None for helper in helpers):
            raise RuntimeError("a rank ended before the training began")
        sleep(0.05)


def came(rank: int) -> str:
    """Return the word by which a rank says that it has come."""
    return f"came {rank}"


def _failed(helpers: Sequence[_Helper]) -> BaseException | None:
    """Return the error of the rank that failed first, once it has said it."""
    until = monotonic() + GRACE_SECONDS
    while monotonic() < until:
        errors = [error for helper in helpers if helper.process.poll() and (error := helper.error()) is not None]
        if errors:
            return errors[0]
        sleep(0.05)
    return None
