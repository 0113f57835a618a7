"""What `train` takes, under the names Ultralytics users know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from numa_deploy.training.augment_options import AugmentOptions
from numa_deploy.training.losses.gains import LossGains
from numa_deploy.training.optimiser_name import OptimiserName
from numa_deploy.training.panels import RECIPE
from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Options, group, option
from numa_runtime.options.panels import MOST, WRITTEN
from numa_runtime.options.readers import Size, at_least, read_size, within

PRECISIONS = ("32-true", "bf16-mixed", "16-mixed")
CACHES = ("disk", "ram")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions(Options):
    """One training.

    Attributes:
        model: a configuration (`multitask-n.yaml`) or a checkpoint to go on from (`best.pt`).
        weights: a checkpoint of another network whose tensors are taken where they fit.
        data: a data.yaml.
        epochs: how often all samples are seen.
        batch: samples of a step.
        imgsz: (height, width) or the side, pixels.
        nbs: nominal batch: gradients of smaller ones are added up to it.
        patience: epochs without a better figure after which the training ends.
        resume: go on where the run of that folder ended.
        augment: how samples are changed.
        gains: how much each part of the loss counts.
    """

    mode: ClassVar[str] = "train"

    model: str = option("multitask-n.yaml", "Configuration or checkpoint.", metavar="FILE", panel=MOST)
    weights: str | None = option(
        None, "Checkpoint to begin from: what fits is taken, what does not is named.", metavar="FILE", panel=MOST
    )
    data: str | None = option(None, "data.yaml of labelled rallies.", metavar="FILE", panel=MOST)
    epochs: int = option(100, "How often all samples are seen.", read=at_least(1), panel=MOST)
    batch: int = option(8, "Samples of a step.", read=at_least(1), panel=MOST)
    imgsz: Size = option(
        640, "Input size: 640, or height and width.", kind=str, read=read_size, metavar="SIZE", panel=MOST
    )
    device: str = option("auto", "auto, cpu, cuda:0.", metavar="NAME", panel=MOST)
    precision: str = option("32-true", "32-true, bf16-mixed or 16-mixed.", metavar="NAME", panel=RECIPE)
    optimizer: str = option(
        "auto", "auto, SGD or AdamW. auto: AdamW below 10,000 steps, else SGD.", metavar="NAME", panel=RECIPE
    )
    lr0: float | None = option(None, "First learning rate. Default: the optimizer's.", kind=float, panel=RECIPE)
    lrf: float = option(0.01, "Last learning rate, as a share of the first.", read=within(0, 1), panel=RECIPE)
    momentum: float = option(0.937, "Momentum, AdamW's first beta.", read=within(0, 1), panel=RECIPE)
    weight_decay: float = option(0.0005, "Weight decay at the nominal batch.", read=within(0, 1), panel=RECIPE)
    warmup_epochs: float = option(3.0, "Epochs of rising learning rates.", read=within(0, 1000), panel=RECIPE)
    cos_lr: bool = option(True, "Let the learning rate fall along a cosine, not a line.", panel=RECIPE)
    nbs: int = option(16, "Nominal batch that gradients are added up to.", read=at_least(1), panel=RECIPE)
    seed: int = option(0, "The same seed gives the same weights.", panel=RECIPE)
    patience: int = option(50, "Epochs without progress before the end.", read=at_least(1), panel=RECIPE)
    fraction: float = option(1.0, "Share of an epoch's samples that is seen.", read=within(0, 1), panel=RECIPE)
    val_every: int = option(1, "Validate every n-th epoch.", read=at_least(1), panel=RECIPE)
    workers: int = option(1, "Processes that prepare samples; 0: none.", read=at_least(0), panel=RECIPE)
    cache: str = option("disk", "Keep prepared frames on disk or in ram.", metavar="NAME", panel=RECIPE)
    track: bool = option(True, "Train the track head.", panel=MOST)
    pose: bool = option(True, "Train the pose head.", panel=MOST)
    resume: bool = option(False, "Go on with the run in PROJECT/train/NAME.", panel=MOST)
    export_check: bool = option(True, "Export and prove the untrained network first.", panel=RECIPE)
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
        if not (self.track or self.pose):
            raise UsageError("no head is left to train", hint="--track, --pose or both")

    @property
    def optimiser(self) -> OptimiserName:
        """The optimiser's word, parsed."""
        return OptimiserName.parse(self.optimizer)
