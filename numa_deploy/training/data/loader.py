"""Batches of samples in an order that only depends on seed and epoch."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader

from numa_deploy.training.augment_options import Augmentation
from numa_deploy.training.data.batch import Batch


class Samples(Protocol):
    """What a training learns from, by number.

    Attributes:
        epoch: from 0; set before every epoch.
        augment: how they are changed.
        unit: what one of them is: "clip", "image".
        groups: int64 (n,), all samples in an order in which neighbours share batches; None where any may.
    """

    epoch: int
    augment: Augmentation
    unit: str
    groups: NDArray[np.int64] | None

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> Any: ...

    def class_weights(self, power: float) -> Tensor | None:
        """Return float32 (nc,), each class's weight by 1 / how often it is labelled; None: all alike."""
        ...

    @staticmethod
    def join(samples: Sequence[Any]) -> Batch:
        """Return samples as a batch."""
        ...


class Order:
    """Which samples make up each batch of an epoch; skips those that an interrupted epoch has seen.

    Args:
        samples: n of them, and which share batches.
        batch: samples of a batch.
        seed: of the order.
        fraction: share of the samples that an epoch sees.
        rank: which of the processes that share each batch takes these; one whose share is empty takes a sample all
            the same, which is not to count.
        ranks: how many share it.
    """

    def __init__(
        self, samples: Samples, batch: int, seed: int, fraction: float = 1.0, rank: int = 0, ranks: int = 1
    ) -> None:
        self._count, self._batch, self._seed = len(samples), batch, seed
        self._groups = samples.groups
        self._taken = max(1, round(self._count * fraction))
        self._rank, self._ranks = rank, ranks
        self.epoch = self.skip = 0

    def __len__(self) -> int:
        return (self._taken + self._batch - 1) // self._batch

    def __iter__(self) -> Iterator[list[int]]:
        order = self._order()
        for number in range(self.skip, len(self)):
            whole = self._whole(order, number)
            yield (whole[self._rank :: self._ranks] if len(whole) > self._rank else whole[:1]).tolist()

    def size(self, number: int) -> int:
        """Return how many samples all ranks together have in a batch of the epoch."""
        if self._groups is None:
            return min(self._batch, self._taken - number * self._batch)
        return len(self._whole(self._order(), number))

    def _order(self) -> NDArray[np.int64]:
        """Return the epoch's samples, or groups of samples, in order."""
        rng = np.random.default_rng([self._seed, self.epoch, 1 << 30])
        if self._groups is not None:
            return rng.permutation(-(-self._count // self._batch))
        return rng.permutation(self._count)[: self._taken]

    def _whole(self, order: NDArray[np.int64], number: int) -> NDArray[np.int64]:
        if self._groups is None:
            return order[number * self._batch : min((number + 1) * self._batch, self._taken)]
        start = int(order[number]) * self._batch
        return self._groups[start : start + self._batch]


def make_loader(samples: Samples, order: Order, workers: int) -> DataLoader[Any]:
    """Return what gives an epoch's batches; make it anew for every epoch, whose number workers then know."""
    return DataLoader(
        samples,  # type: ignore[arg-type]
        batch_sampler=order,
        num_workers=workers,
        collate_fn=samples.join,
        worker_init_fn=_prepare_worker,
        prefetch_factor=4 if workers else None,
    )


def _prepare_worker(_: int) -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    # Ctrl-C reaches every process of a terminal, and the end of a service or container every process of it: the trainer
    # ends its workers when it has kept its state, and they end themselves when it is gone. What they hear must not be
    # told to the handlers they inherited either, which count the trainer's own signals.
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def timed(batches: Iterable[Batch]) -> Iterator[tuple[Batch, float]]:
    """Yield batches and the seconds that each was waited for."""
    iterator = iter(batches)
    while True:
        began = monotonic()
        batch = next(iterator, None)
        if batch is None:
            return
        yield batch, monotonic() - began
