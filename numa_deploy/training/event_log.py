"""TensorBoard: the rows of results.csv as events, where the package is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from numa_runtime.errors import require
from numa_runtime.installing import absent

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

PACKAGE = "tensorboard"


class EventLog:
    """Writes an event file, which `tensorboard --logdir PROJECT/train` shows.

    Args:
        folder: of the training.
        epoch: the last one that counts; events of later ones (a training that goes on from before) are forgotten.

    Raises:
        MissingExtra: tensorboard is not installed.
    """

    def __init__(self, folder: Path, epoch: int = 0) -> None:
        require("writing TensorBoard's events", PACKAGE)
        self._folder, self._epoch = folder, epoch
        self._writer: SummaryWriter | None = None

    def __call__(self, row: Mapping[str, float | int]) -> None:
        """Write the epoch that a row of results.csv is about, under train/, val/ and time/."""
        if self._writer is None:  # a training with nothing left to do leaves no empty file
            from torch.utils.tensorboard import SummaryWriter

            self._writer = SummaryWriter(self._folder, purge_step=self._epoch + 1 if self._epoch else None)
        epoch = int(row["epoch"])
        for name, value in row.items():
            if name != "epoch" and value is not None:
                self._writer.add_scalar(_tag(name), value, epoch)
        self._writer.flush()


def event_log(wanted: bool | None, folder: Path, epoch: int) -> EventLog | None:
    """Return a log where one is wanted; None: wanted where tensorboard is installed.

    Raises:
        MissingExtra: it is wanted, and tensorboard is not installed.
    """
    if wanted is None:
        wanted = not absent((PACKAGE,))
    return EventLog(folder, epoch) if wanted else None


def _tag(name: str) -> str:
    if name.startswith("train_"):
        return f"train/{name.removeprefix('train_')}"
    return f"{'time' if name in ('seconds', 'time') else 'train' if name == 'lr' else 'val'}/{name}"
