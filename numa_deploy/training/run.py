"""From options to a trained network: data opened and fitted, the recipe made, the best checkpoint kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.rallies import RallyDataset, open_rallies
from numa_benchmarks.rally.body import FLIP
from numa_benchmarks.validate_rallies import RallyValidation, validate_rallies
from numa_deploy.network.builder import build
from numa_deploy.network.checkpoint import load
from numa_deploy.network.fitting import take_what_fits
from numa_deploy.network.model import Network
from numa_deploy.network.session import TorchSession
from numa_deploy.training.batch_picture import save_batch
from numa_deploy.training.card import save_card
from numa_deploy.training.data.batch import join_clips
from numa_deploy.training.data.clip_loader import ClipSamples
from numa_deploy.training.data.fitted import fit_rally
from numa_deploy.training.train_options import TrainOptions
from numa_deploy.training.trainer import Trainer, Watch
from numa_runtime.errors import UsageError
from numa_runtime.options.readers import as_pair
from numa_runtime.words import count

_SHOWN = ("ball_f1", "box_map50", "box_map50_95", "keypoint_map50", "keypoint_map50_95")

Note = Callable[[str], None]
Prove = Callable[[Network], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training left.

    Attributes:
        best: the best checkpoint.
        folder: holds weights, results.csv and pictures.
        epochs: how many were trained.
        fitness: of the best epoch.
        figures: of the best epoch, by the keys of `val --json`.
    """

    best: Path
    folder: Path
    epochs: int
    fitness: float
    figures: dict[str, float]

    def lines(self) -> list[str]:
        """Return what people read."""
        shown = [f"{name} {self.figures[name]:.3f}" for name in _SHOWN if name in self.figures]
        return [
            f"{count(self.epochs, 'epoch')}  fitness {self.fitness:.3f}  {'  '.join(shown)}",
            f"{self.best}: numa-deploy export --model {self.best}",
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        plain = {"best": str(self.best), "folder": str(self.folder), "epochs": self.epochs, "fitness": self.fitness}
        return {"mode": "train", **plain, **self.figures}


def train_rallies(
    options: TrainOptions, folder: Path, note: Note, watch: Watch | None = None, prove: Prove | None = None
) -> Trained:
    """Train a clip network on labelled rallies.

    Args:
        options: what to train on what.
        folder: receives everything.
        note: is told what is done.
        watch: is told after every batch.
        prove: is given the untrained network, and raises where it cannot be exported.

    Raises:
        UsageError: no data, another number of keypoints than the network's, or sizes that are no multiples of the
            stride.
        DataError: the data is missing or malformed.
        TrainingError: a loss is not a number.
    """
    if options.data is None:
        raise UsageError("train needs labelled data", hint="--data data.yaml")
    size = as_pair(options.imgsz)
    network = _network(options, note)
    train, val = open_rallies(Path(options.data), "train"), open_rallies(Path(options.data), "val")
    told = [_told(dataset) for dataset in (train, val)]
    for dataset, line in zip((train, val), told, strict=True):
        note(line)
        _check(dataset, network)
    if prove is not None and not options.resume:
        prove(network)
    cache = Path(options.project) / "cache" if options.cache == "disk" else None
    fitted = [fit_rally(rally, network.spec.input, size, cache) for rally in train.rallies]
    flip = _flip(train)
    if flip is None:
        note(
            f"no mirroring: {train.source} has no flip_idx, which pairs its {train.keypoints} keypoints left and right"
        )
    samples = ClipSamples(fitted, network.spec.input.frames, options.augment, flip, options.seed)
    trainer = Trainer(network, samples, _validation(val, size, options.device), folder, options, watch)
    note(f"{network.spec.name}  {len(samples):,} clips of {network.spec.input.frames} frames  {trainer.summary}")
    if options.resume:
        trainer.resume()
        note(f"going on in epoch {trainer.position.epoch + 1}")
    else:
        first = join_clips([samples[index] for index in next(iter(trainer.order))])
        save_batch(first, network.spec.input.frames, folder / "train_batch.jpg")
    try:
        place = trainer.run()
    except KeyboardInterrupt:
        note(f"{trainer.last} is kept: --resume --name {folder.name} goes on")
        raise
    save_card(
        folder / "train.md", title=network.spec.name, words=_changed(options), data=told, recipe=trainer.summary,
        figures=place.figures,
    )  # fmt: skip
    return Trained(trainer.best, folder, place.epoch, place.best, place.figures)


def _changed(options: TrainOptions) -> dict[str, Any]:
    """Return the words whose values are not the defaults: what has to be typed to train the same again."""
    groups = (options, options.augment, options.gains)
    return {
        item.name: getattr(group, item.name)
        for group in groups
        for item in fields(group)
        if item.name not in ("augment", "gains", "resume") and getattr(group, item.name) != item.default
    }


def _network(options: TrainOptions, note: Note) -> Network:
    if Path(options.model).suffix == ".pt":
        return load(options.model).train()
    network = build(options.model, track=options.track, pose=options.pose, seed=options.seed)
    if options.weights is not None:
        fitting = take_what_fits(network, load(options.weights).state_dict())
        note(f"{Path(options.weights).name}: {fitting.line()}")
    return network


def _check(dataset: RallyDataset, network: Network) -> None:
    """Refuse data that the network cannot learn."""
    shape, wanted = network.spec.keypoint_shape, dataset.keypoints
    if wanted and shape is not None and shape[0] != wanted:
        raise UsageError(
            f"{dataset.source}: its players have {wanted} keypoints, those of {network.spec.name} {shape[0]}",
            hint=f"a configuration with kpt_shape: [{wanted}, 3], or --no-pose",
        )


def _validation(
    dataset: RallyDataset, size: tuple[int, int], device: str
) -> Callable[[Network], tuple[float, dict[str, Any]]]:
    def validate(network: Network) -> tuple[float, dict[str, Any]]:
        found = validate_rallies(TorchSession(network.deploy(), "training", device), dataset, imgsz=size)
        return found.fitness, _figures(found)

    return validate


def _figures(found: RallyValidation) -> dict[str, Any]:
    told = found.to_dict()
    return {name: value for name, value in told.items() if isinstance(value, int | float)}


def _flip(dataset: RallyDataset) -> NDArray[np.int64] | None:
    """Return each keypoint's partner in a mirror, as `flip_idx` says it or as 17 have it; None where nobody knows."""
    if dataset.flip is not None:
        return np.array(dataset.flip, np.int64)
    if dataset.keypoints in (0, len(FLIP)):
        return np.array(FLIP if dataset.keypoints else (), np.int64)
    return None


def _told(dataset: RallyDataset) -> str:
    balls = sum(len(labels.balls) for rally in dataset.rallies for labels in rally.labels)
    players = sum(len(labels.boxes) for rally in dataset.rallies for labels in rally.labels)
    left = "".join(f"; {line}" for line in dataset.left_out.lines())
    counts = f"{dataset.frames:,} frames, {balls:,} balls, {players:,} players"
    return f"{dataset.split}: {count(len(dataset.rallies), 'rally', 'rallies')}, {counts}{left}"
