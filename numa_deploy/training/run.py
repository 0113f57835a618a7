"""From options to a trained network: data opened and fitted, the recipe made, the best checkpoint kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from numa_benchmarks.labels.rallies import holds_rallies
from numa_deploy.network.model import Network
from numa_deploy.training.card import save_card
from numa_deploy.training.image_material import ImageMaterial
from numa_deploy.training.launch import together
from numa_deploy.training.material import Material, Note
from numa_deploy.training.rally_material import RallyMaterial
from numa_deploy.training.ranks import Ranks, check_batch, places_of
from numa_deploy.training.shown import show_begin, show_end
from numa_deploy.training.told import Watch
from numa_deploy.training.train_options import TrainOptions
from numa_deploy.training.trainer import Trainer
from numa_runtime.errors import UsageError
from numa_runtime.paths import expand
from numa_runtime.vision.sizes import DEFAULT_IMGSZ
from numa_runtime.words import count

_SHOWN = ("ball_f1", "box_map50", "box_map50_95", "keypoint_map50", "keypoint_map50_95")

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
        data: what it was trained on.
    """

    best: Path
    folder: Path
    epochs: int
    fitness: float
    figures: dict[str, float]
    data: str

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


def train_network(
    options: TrainOptions, folder: Path, note: Note, watch: Watch | None = None, prove: Prove | None = None
) -> Trained:
    """Train a network on labelled data: rallies or images, as the data has it.

    Args:
        options: what to train on what.
        folder: receives everything.
        note: is told what is done.
        watch: is told after every batch.
        prove: is given the untrained network, and raises where it cannot be exported.

    Raises:
        UsageError: no data, data of another task or another number of keypoints than the network's, or sizes that are
            no multiples of the stride.
        DataError: the data is missing or malformed.
        TrainingError: a loss is not a number.
    """
    if options.data is None:
        raise UsageError("train needs labelled data", hint="--data data.yaml")
    data, places = options.data, places_of(options.device)
    check_batch(options.batch, len(places))
    material = _material(options)
    for line in material.told:
        note(line)
    network, options = _network(material, options, note)
    said = _changed(options)
    if len(places) > 1:
        options = replace(options, device=str(places[0]))  # where the first rank validates
    if prove is not None and not options.resume:
        prove(network)
    samples = material.samples(network, options, note)
    with together(options, folder, places) as ranks:
        trainer = Trainer(network, samples, material.validation(options), folder, options, watch, ranks)
        frames = network.spec.input.frames
        of = f" of {frames} frames" if frames > 1 else ""
        note(f"{network.spec.name}  {count(len(samples), samples.unit)}{of}  {trainer.summary}")
        if options.resume:
            trainer.resume()
            note(f"going on in epoch {trainer.position.epoch + 1}")
        else:
            trainer.begin()
        show_begin(trainer, note)
        try:
            place = trainer.run()
        except KeyboardInterrupt:
            note(f"{trainer.last} is kept: --resume --name {folder.name} goes on")
            raise
    show_end(trainer, material, note)
    save_card(
        folder / "train.md", title=network.spec.name, words=said, data=material.told,
        recipe=trainer.summary, figures=place.figures, seconds=trainer.record.seconds,
    )  # fmt: skip
    return Trained(trainer.best, folder, place.epoch, place.best, place.figures, str(expand(data)))


def learn_beside(options: TrainOptions, folder: Path, ranks: Ranks) -> None:
    """Train as a rank other than the first: nothing is said, written or validated.

    Args:
        options: the recipe, as rank 0 settled it.
        folder: of the run.
        ranks: this one's place among the others.

    Raises:
        KeyboardInterrupt: rank 0 was interrupted; its state is kept.
    """
    material = _material(options)
    network, options = _network(material, options, _silent)
    samples = material.samples(network, options, _silent)
    trainer = Trainer(network, samples, material.validation(options), folder, options, None, ranks)
    if options.resume:
        trainer.resume()
    else:
        trainer.begin()
    trainer.run()


def _silent(_: str) -> None:
    """Say nothing."""


def _material(options: TrainOptions) -> Material:
    assert options.data is not None
    data = expand(options.data)
    return RallyMaterial(data) if holds_rallies(data) else ImageMaterial(options)


def _network(material: Material, options: TrainOptions, note: Note) -> tuple[Network, TrainOptions]:
    """Return the untrained network, and the options with the size that it is trained at."""
    network = material.network(options, note)
    imgsz = options.imgsz or network.spec.input.imgsz or DEFAULT_IMGSZ
    options = replace(options, imgsz=imgsz)
    _check_size(options, network)
    network.meant_for(options.size if network.spec.input.frames > 1 else imgsz)
    return network, options


def _check_size(options: TrainOptions, network: Network) -> None:
    sides, stride = options.size, network.spec.stride
    if any(side % stride for side in sides):
        nearest = ",".join(str(max(1, round(side / stride)) * stride) for side in sides)
        raise UsageError(
            f"imgsz is {' x '.join(map(str, sides))}; {network.spec.name} takes multiples of {stride}",
            hint=f"--imgsz {nearest}",
        )


def _changed(options: TrainOptions) -> dict[str, Any]:
    """Return the words whose values are not the defaults: what has to be typed to train the same again."""
    groups = (options, options.augment, options.gains)
    return {
        item.name: getattr(group, item.name)
        for group in groups
        for item in fields(group)
        if item.name not in ("augment", "gains", "resume") and getattr(group, item.name) != item.default
    }
