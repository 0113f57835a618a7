"""Labelled images as what a detect or pose network learns from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.validate import Validation, validate
from numa_deploy.network.config.schema import NetworkConfig
from numa_deploy.network.model import Network
from numa_deploy.network.session import TorchSession
from numa_deploy.training.data.fitted_images import FittedImages
from numa_deploy.training.data.image_index import ImageData, open_images
from numa_deploy.training.data.image_samples import ImageSamples
from numa_deploy.training.material import Note, Validate, Wanted, config_of, start_network
from numa_deploy.training.train_options import TrainOptions
from numa_runtime.contract import Task
from numa_runtime.errors import UsageError


class ImageMaterial:
    """The images of a data.yaml, a COCO file or a folder with either.

    Args:
        options: data, and where indexes are kept.

    Raises:
        DataError: the data is missing or malformed.
        UsageError: the network is made for other data; both are named.
    """

    def __init__(self, options: TrainOptions) -> None:
        config = config_of(options)
        keypoints = config.task is Task.POSE
        self._cache = Path(options.project) / "cache"
        self._train = open_images(str(options.data), "train", keypoints=keypoints, cache=self._cache)
        _check(self._train, config)
        self._val = open_dataset(str(options.data), "val", keypoints=keypoints)
        left = "".join(f"; {line}" for line in self._val.left_out.lines())
        told = f"val: {len(self._val):,} images, {self._val.objects:,} objects{left}"
        self.told = [self._train.told, told]

    def network(self, options: TrainOptions, note: Note) -> Network:
        """Return the network to train, its heads built for the data's classes and keypoints."""
        return start_network(options, note, Wanted(self._train.names, self._train.keypoint_shape))

    def samples(self, network: Network, options: TrainOptions, note: Note) -> ImageSamples:
        """Return the images; say where they are kept, and which cannot be read."""
        data, spec, size = self._train, network.spec.input, options.size
        augment = options.augment.of_images()
        fitted = FittedImages(data.index, spec, size, options.cache, self._cache)
        if fitted.kept_in != "none":
            note(
                f"images are kept {'in memory' if fitted.kept_in == 'ram' else 'on disk'}: {fitted.bytes / 1e6:,.0f} MB"
            )
        for at in fitted.unreadable:
            note(f"{data.index.path(at)} cannot be read: it is left out")
        if data.flip is None and (augment.fliplr or augment.flipud):
            note(f"{data.source} has no flip_idx, so nothing is mirrored")
        last_mosaic = options.epochs - options.close_mosaic
        samples = ImageSamples(data.index, len(data.names), fitted, spec, augment, data.flip, options.seed, last_mosaic)
        return samples.in_rectangles(options.batch, network.spec.stride) if options.rect else samples

    def score(self, network: Network, options: TrainOptions) -> Validation:
        """Return what a network scores on the split to validate with."""
        return validate(TorchSession(network.deploy(), "training", options.device), self._val)

    def validation(self, options: TrainOptions) -> Validate:
        """Return what gives the fitness and the figures of a network."""

        def fitness_and_figures(network: Network) -> tuple[float, dict[str, Any]]:
            found = self.score(network, options)
            return fitness_of(found), figures_of(found)

        return fitness_and_figures


def fitness_of(found: Validation) -> float:
    """Return one figure to compare epochs by: mAP50-95, of boxes and keypoints together, as users of YOLO know it."""
    return found.metrics.box.map50_95 + (found.metrics.keypoint_map50_95 or 0.0)


def figures_of(found: Validation) -> dict[str, float]:
    """Return the figures under the keys of `val --json`, without times, which are never the same twice."""
    return {name: value for name, value in found.metrics.to_dict().items() if isinstance(value, int | float)}


def _check(data: ImageData, config: NetworkConfig) -> None:
    """Refuse data of another task than the network's."""
    task, labels = ("pose", "keypoints") if data.keypoint_shape else ("detect", "boxes")
    if config.task != task:
        raise UsageError(
            f"{data.source} labels {labels} of single images (task {task}); {config.name} is a {config.task} network",
            hint=f"--model {'yolov8n-pose.yaml' if data.keypoint_shape else 'yolov8n.yaml'}, or other data",
        )
