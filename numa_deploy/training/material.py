"""What a training is made of, whatever its data is: a network that fits it, samples, and a validation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from numa_benchmarks.validate import Validation
from numa_benchmarks.validate_rallies import RallyValidation
from numa_deploy.network.builder import build, read
from numa_deploy.network.checkpoint import load
from numa_deploy.network.config.schema import NetworkConfig
from numa_deploy.network.fitting import take_what_fits
from numa_deploy.network.model import Network
from numa_deploy.training.data.loader import Samples
from numa_deploy.training.train_options import TrainOptions

Note = Callable[[str], None]
Validate = Callable[[Network], tuple[float, dict[str, float]]]


class Material(Protocol):
    """Labelled data that was read, and what follows from it; pictures are not decoded yet.

    Attributes:
        told: a sentence a split.
    """

    @property
    def told(self) -> list[str]: ...

    def network(self, options: TrainOptions, note: Note) -> Network:
        """Return the network to train.

        Raises:
            UsageError: it cannot learn from this data; both are named.
        """
        ...

    def samples(self, network: Network, options: TrainOptions, note: Note) -> Samples:
        """Return the samples, their pictures at the network's size."""
        ...

    def score(self, network: Network, options: TrainOptions) -> Validation | RallyValidation:
        """Return what a network scores on the split to validate with."""
        ...

    def validation(self, options: TrainOptions) -> Validate:
        """Return what gives the fitness and the figures of a network."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the boxes of a network are to be: class names, keypoint shape; None: as its configuration has it."""

    names: tuple[str, ...] | None = None
    keypoint_shape: tuple[int, int] | None = None


def config_of(options: TrainOptions) -> NetworkConfig:
    """Return the configuration of `--model`, a checkpoint or a YAML file."""
    return load(options.model).config if Path(options.model).suffix == ".pt" else read(options.model)


def start_network(options: TrainOptions, note: Note, wanted: Wanted | None = None) -> Network:
    """Return the network a training begins with, in training mode.

    A checkpoint for other classes or keypoints, or with a head too many, is built anew, and what fits is taken over and
    said. A head that it lacks stays away.

    Args:
        options: model, weights, heads and seed.
        note: is told what was taken over.
        wanted: classes and keypoints of the data.
    """
    wanted = wanted or Wanted()
    first = load(options.model) if Path(options.model).suffix == ".pt" else None
    config = read(options.model) if first is None else first.config
    if wanted.names is not None:
        config = replace(config, nc=len(wanted.names), names=wanted.names, keypoint_shape=wanted.keypoint_shape)
    track = options.track and (first is None or first.track_head is not None)
    pose = options.pose and (first is None or first.pose_head is not None)
    if first is not None and config == first.config:
        if (track, pose) == (first.track_head is not None, first.pose_head is not None):
            return first.train()
        note(f"{Path(options.model).name}: only its {'pose' if pose else 'track'} head is trained")
    network = build(config, track=track, pose=pose, seed=options.seed)
    if first is not None:
        fitting = take_what_fits(network, first.state_dict())
        if config != first.config:
            note(f"{Path(options.model).name} had other classes or keypoints: {fitting.line()}")
    if options.weights is not None:
        fitting = take_what_fits(network, load(options.weights).state_dict())
        note(f"{Path(options.weights).name}: {fitting.line()}")
    return network.train()
