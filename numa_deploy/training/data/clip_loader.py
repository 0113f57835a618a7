"""Batches of clips in an order that only depends on seed and epoch."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from numa_deploy.training.augment_options import AugmentOptions
from numa_deploy.training.data.batch import join_clips
from numa_deploy.training.data.clip_augment import augment_clip
from numa_deploy.training.data.clips import Clip, take_clip
from numa_deploy.training.data.fitted import FittedRally


class ClipSamples(Dataset[Clip]):
    """Every labelled frame of some rallies as the newest frame of a clip, augmented.

    A sample's chances come from (seed, epoch, its number) alone: neither workers, nor their number, nor a training that
    was interrupted change it.

    Args:
        rallies: at the network's size.
        frames: T of a clip.
        augment: how samples are changed.
        flip: each keypoint's partner in a mirror.
        seed: of everything.
    """

    def __init__(
        self,
        rallies: Sequence[FittedRally],
        frames: int,
        augment: AugmentOptions,
        flip: NDArray[np.int64] | None,
        seed: int,
    ) -> None:
        self._rallies, self._frames, self._augment, self._flip, self._seed = rallies, frames, augment, flip, seed
        places = [
            (which, frame)
            for which, rally in enumerate(rallies)
            for frame, labels in enumerate(rally.labels)
            if labels.labelled
        ]
        self._places = np.array(places, np.int32).reshape(-1, 2)  # one block of memory, not a list that workers copy
        self.epoch = 0

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> Clip:
        rng = np.random.default_rng([self._seed, self.epoch, index])
        which, frame = self._places[index].tolist()
        clip = take_clip(
            self._rallies[which], frame, self._frames, backwards=bool(rng.random() < self._augment.reverse)
        )
        return augment_clip(clip, self._augment, self._flip, rng)


class Order:
    """Which samples make up each batch of an epoch; skips those that an interrupted epoch has seen."""

    def __init__(self, count: int, batch: int, seed: int, fraction: float = 1.0) -> None:
        self._count, self._batch, self._seed = count, batch, seed
        self._taken = max(1, round(count * fraction))
        self.epoch = self.skip = 0

    def __len__(self) -> int:
        return (self._taken + self._batch - 1) // self._batch

    def __iter__(self) -> Iterator[list[int]]:
        order = np.random.default_rng([self._seed, self.epoch, 1 << 30]).permutation(self._count)[: self._taken]
        for start in range(self.skip * self._batch, self._taken, self._batch):
            yield order[start : start + self._batch].tolist()


def make_loader(samples: ClipSamples, order: Order, workers: int) -> DataLoader[Any]:
    """Return what gives an epoch's batches; make it anew for every epoch, whose number workers then know."""
    return DataLoader(
        samples,
        batch_sampler=order,
        num_workers=workers,
        collate_fn=join_clips,
        worker_init_fn=_prepare_worker,
        prefetch_factor=4 if workers else None,
    )


def _prepare_worker(_: int) -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    # Ctrl-C reaches every process of a terminal: the trainer ends its workers when it has kept its state. What they
    # hear must not be told to the handlers they inherited, which count the trainer's own signals.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
