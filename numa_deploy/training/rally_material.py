"""Labelled rallies as what a clip network learns from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.rallies import RallyDataset, open_rallies
from numa_benchmarks.validate_rallies import RallyValidation, validate_rallies
from numa_deploy.network.model import Network
from numa_deploy.network.session import TorchSession
from numa_deploy.training.data.clip_loader import ClipSamples
from numa_deploy.training.data.fitted import fit_rally
from numa_deploy.training.data.mirror import usual_flip
from numa_deploy.training.material import Note, Validate, config_of, start_network
from numa_deploy.training.train_options import TrainOptions
from numa_runtime.contract import Task
from numa_runtime.errors import UsageError
from numa_runtime.words import count


class RallyMaterial:
    """The rallies of a data.yaml.

    Raises:
        DataError: the data is missing or malformed.
    """

    def __init__(self, data: Path) -> None:
        self._train, self._val = open_rallies(data, "train"), open_rallies(data, "val")
        self.told = [_told(dataset) for dataset in (self._train, self._val)]

    def network(self, options: TrainOptions, note: Note) -> Network:
        """Return the network to train.

        Raises:
            UsageError: not a multitask network, or one of another number of keypoints.
        """
        config = config_of(options)
        if config.task is not Task.MULTITASK:
            raise UsageError(
                f"{self._train.source} labels rallies, which a multitask network learns from; "
                f"{config.name} is a {config.task} network",
                hint="--model multitask-n.yaml, or a data.yaml of labelled images",
            )
        if options.rect:
            raise UsageError("rect is not for clips: --imgsz 288,512 is their shape", hint="leave rect out")
        if options.cache == "none":
            raise UsageError("frames of rallies are decoded once and kept", hint="--cache disk or --cache ram")
        network = start_network(options, note)
        for dataset in (self._train, self._val):
            _check(dataset, network)
        return network

    def samples(self, network: Network, options: TrainOptions, note: Note) -> ClipSamples:
        """Return the clips."""
        spec, size = network.spec.input, options.size
        cache = None if options.cache == "ram" else Path(options.project) / "cache"
        fitted = [fit_rally(rally, spec, size, cache) for rally in self._train.rallies]
        flip, train = _flip(self._train), self._train
        if flip is None:
            pairs = f"which pairs its {train.keypoints} keypoints left and right"
            note(f"no mirroring: {train.source} has no flip_idx, {pairs}")
        return ClipSamples(fitted, spec.frames, options.augment.of_clips(), flip, options.seed)

    def score(self, network: Network, options: TrainOptions) -> RallyValidation:
        """Return what a network scores on the split to validate with."""
        session = TorchSession(network.deploy(), "training", options.device)
        return validate_rallies(session, self._val)

    def validation(self, options: TrainOptions) -> Validate:
        """Return what gives the fitness and the figures of a network."""

        def fitness_and_figures(network: Network) -> tuple[float, dict[str, Any]]:
            found = self.score(network, options)
            figures = {name: value for name, value in found.to_dict().items() if isinstance(value, int | float)}
            return found.fitness, figures

        return fitness_and_figures


def _check(dataset: RallyDataset, network: Network) -> None:
    """Refuse data that the network cannot learn."""
    shape, wanted = network.spec.keypoint_shape, dataset.keypoints
    if wanted and shape is not None and shape[0] != wanted:
        raise UsageError(
            f"{dataset.source}: its players have {wanted} keypoints, those of {network.spec.name} {shape[0]}",
            hint=f"a configuration with kpt_shape: [{wanted}, 3], or --no-pose",
        )


def _flip(dataset: RallyDataset) -> NDArray[np.int64] | None:
    """Return each keypoint's partner in a mirror, as `flip_idx` says it or as 17 have it; None where nobody knows."""
    if dataset.flip is not None:
        return np.array(dataset.flip, np.int64)
    return usual_flip(dataset.keypoints)


def _told(dataset: RallyDataset) -> str:
    balls = sum(len(labels.balls) for rally in dataset.rallies for labels in rally.labels)
    players = sum(len(labels.boxes) for rally in dataset.rallies for labels in rally.labels)
    left = "".join(f"; {line}" for line in dataset.left_out.lines())
    counts = f"{dataset.frames:,} frames, {balls:,} balls, {players:,} players"
    return f"{dataset.split}: {count(len(dataset.rallies), 'rally', 'rallies')}, {counts}{left}"
