"""What `train` takes, under the names Ultralytics users know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from numa_deploy.training.augment_options import AugmentOptions
from numa_deploy.training.layer_words import read_layers
from numa_deploy.training.losses.gains import LossGains
from numa_deploy.training.optimiser_name import OptimiserName
from numa_deploy.training.panels import RECIPE
from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Options, group, option
from numa_runtime.options.panels import MOST, WRITTEN
from numa_runtime.options.readers import Size, as_pair, at_least, read_size, within
from numa_runtime.vision.sizes import DEFAULT_IMGSZ

PRECISIONS = ("32-true", "bf16-mixed", "16-mixed")
CACHES = ("auto", "none", "ram", "disk")


def read_cache(_: str, value: Any) -> str:
    """Return where pictures are kept; as users of YOLO know it, True is ram and False none."""
    word = str(value).strip().lower()
    return {"true": "ram", "false": "none"}.get(word, word)


def read_device(_: str, value: Any) -> str:
    """Return the device, or several with commas between: [0, 1] is 0,1."""
    several = value if isinstance(value, list | tuple) else str(value).strip("[]() ").split(",")
    return ",".join(str(one).strip() for one in several)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions(Options):
    """One training.

    Attributes:
        model: a configuration (`multitask-n.yaml`) or a checkpoint to go on from (`best.pt`).
        weights: a checkpoint of another network whose tensors are taken where they fit.
        data: a data.yaml.
        epochs: how often all samples are seen.
        batch: samples of a step.
        imgsz: (height, width) or the side, pixels; None: the size that the network is meant for, else 640.
        nbs: nominal batch: gradients of smaller ones are added up to it.
        close_mosaic: epochs at the end in which images come one by one.
        multi_scale: largest change of a batch's size, as a share; sizes stay multiples of the stride.
        rect: images of like shapes share batches.
        freeze: the first so many layers, or layers by number, keep their weights and statistics.
        cls_pw: power of the inverse frequency that a class's score loss is weighed by.
        cache: auto, none, ram or disk.
        patience: epochs without a better figure after which the training ends.
        resume: go on where the run of that folder ended.
        augment: how samples are changed.
        gains: how much each part of the loss counts.
    """

    mode: ClassVar[str] = "train"

    model: str = option("multitask-p.yaml", "Configuration or checkpoint.", metavar="FILE", panel=MOST)
    weights: str | None = option(
        None, "Checkpoint to begin from: what fits is taken, what does not is named.", metavar="FILE", panel=MOST
    )
    data: str | None = option(None, "data.yaml of rallies or images, or a COCO .json.", metavar="FILE", panel=MOST)
    epochs: int = option(100, "How often all samples are seen.", read=at_least(1), panel=MOST)
    batch: int = option(8, "Samples of a step.", read=at_least(1), panel=MOST)
    imgsz: Size | None = option(
        None,
        "Input size: 640, or height and width. Default: the network's, else 640.",
        kind=str,
        read=read_size,
        metavar="SIZE",
        panel=MOST,
    )
    device: str = option(
        "auto", "auto, cpu, cuda:0; 0,1 trains on two GPUs.", read=read_device, metavar="NAME", panel=MOST
    )
    precision: str = option("32-true", "32-true, bf16-mixed or 16-mixed.", metavar="NAME", panel=RECIPE)
    optimizer: str = option(
        "auto", "auto, SGD or AdamW. auto: AdamW below 10,000 steps, else SGD.", metavar="NAME", panel=RECIPE
    )
    lr0: float | None = option(None, "First learning rate. Default: the optimizer's.", kind=float, panel=RECIPE)
    lrf: float = option(0.01, "Last learning rate, as a share of the first.", read=within(0, 1), panel=RECIPE)
    momentum: float = option(0.937, "Momentum, AdamW's first beta.", read=within(0, 1), panel=RECIPE)
    weight_decay: float = option(0.0005, "Weight decay at the nominal batch.", read=within(0, 1), panel=RECIPE)
    warmup_epochs: float = option(3.0, "Epochs of rising learning rates.", read=within(0, 1000), panel=RECIPE)
    warmup_momentum: float = option(0.8, "SGD's momentum as they rise.", read=within(0, 1), panel=RECIPE)
    warmup_bias_lr: float = option(0.1, "SGD's rate of biases as others rise.", read=within(0, 1), panel=RECIPE)
    cos_lr: bool = option(True, "Let the learning rate fall along a cosine, not a line.", panel=RECIPE)
    nbs: int = option(16, "Nominal batch that gradients are added up to.", read=at_least(1), panel=RECIPE)
    seed: int = option(0, "The same seed gives the same weights.", panel=RECIPE)
    patience: int = option(50, "Epochs without progress before the end.", read=at_least(1), panel=RECIPE)
    fraction: float = option(1.0, "Share of an epoch's samples that is seen.", read=within(0, 1), panel=RECIPE)
    val_every: int = option(1, "Validate every n-th epoch.", read=at_least(1), panel=RECIPE)
    workers: int = option(1, "Processes that prepare samples; 0: none.", read=at_least(0), panel=RECIPE)
    cache: str = option(
        "auto", "Keep prepared pictures: none, ram, disk. auto: rallies on disk, images in ram up to 1 GiB.",
        read=read_cache, metavar="NAME", panel=RECIPE,
    )  # fmt: skip
    close_mosaic: int = option(10, "Last epochs without mosaic.", read=at_least(0), panel=RECIPE)
    multi_scale: float = option(
        0.0, "Largest change of the input size from batch to batch, as a share.", read=within(0, 0.9), panel=RECIPE
    )
    rect: bool = option(False, "Batches of images of like shapes, no larger than they need be.", panel=RECIPE)
    freeze: int | tuple[int, ...] | None = option(
        None, "Layers that do not learn: the first N, or a list such as 0,1,2.", kind=str, read=read_layers,
        metavar="LAYERS", panel=RECIPE,
    )  # fmt: skip
    cls_pw: float = option(
        0.0, "Weigh classes by 1 / how often each is labelled to this power; 0: all alike.", read=within(0, 1),
        panel=RECIPE,
    )  # fmt: skip
    track: bool = option(True, "Train the track head.", panel=MOST)
    pose: bool = option(True, "Train the pose head.", panel=MOST)
    resume: bool = option(False, "Go on with the run in PROJECT/train/NAME.", panel=MOST)
    export_check: bool = option(True, "Export and prove the untrained network first.", panel=RECIPE)
    plots: bool = option(True, "Draw the first batches, and at the end what the best network finds.", panel=WRITTEN)
    tensorboard: bool | None = option(
        None, "Write TensorBoard's events. Default: when it is installed.", kind=bool, panel=WRITTEN
    )
    project: str | Path = option("runs", "Folder that holds the results.", metavar="FOLDER", panel=WRITTEN)
    name: str | None = option(None, "Results lie under PROJECT/train/NAME.", metavar="NAME", panel=WRITTEN)
    augment: AugmentOptions = group(AugmentOptions)
    gains: LossGains = group(LossGains)

    def __post_init__(self) -> None:
        Options.__post_init__(self)
        OptimiserName.parse(self.optimizer)
        for name, value, known in (("precision", self.precision, PRECISIONS), ("cache", self.cache, CACHES)):
            if value not in known:
                raise UsageError(f"there is no {name} {value!r}{nearest(value, known)}", hint=f"--{name} {known[0]}")
        if self.rect and self.augment.mosaic:
            raise UsageError("mosaics are as high and wide as imgsz, so rect has none", hint="--rect without --mosaic")
        if not (self.track or self.pose):
            raise UsageError("no head is left to train", hint="--track, --pose or both")

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the input."""
        return as_pair(self.imgsz or DEFAULT_IMGSZ)

    @property
    def optimiser(self) -> OptimiserName:
        """The optimiser's word, parsed."""
        return OptimiserName.parse(self.optimizer)
