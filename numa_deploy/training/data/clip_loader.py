"""Clips as samples: each by its number, augmented by chances that depend on seed, epoch and number alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset

from numa_deploy.training.augment_options import Augmentation
from numa_deploy.training.data.batch import Batch, join_clips
from numa_deploy.training.data.clip_augment import augment_clip
from numa_deploy.training.data.clips import Clip, take_clip
from numa_deploy.training.data.fitted import FittedRally
from numa_runtime.errors import UsageError


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

    unit = "clip"
    groups: NDArray[np.int64] | None = None

    def __init__(
        self,
        rallies: Sequence[FittedRally],
        frames: int,
        augment: Augmentation,
        flip: NDArray[np.int64] | None,
        seed: int,
    ) -> None:
        self._rallies, self._frames, self.augment, self._flip, self._seed = rallies, frames, augment, flip, seed
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
        clip = take_clip(self._rallies[which], frame, self._frames, backwards=bool(rng.random() < self.augment.reverse))
        return augment_clip(clip, self.augment, self._flip, rng)

    def class_weights(self, power: float) -> None:
        """Return nothing: players are of one class.

        Raises:
            UsageError: weights are asked for.
        """
        if power:
            raise UsageError("cls_pw is not for clips: their players are of one class", hint="leave cls_pw out")

    @staticmethod
    def join(samples: Sequence[Clip]) -> Batch:
        """Return samples as a batch."""
        return join_clips(samples)
