"""What a training must share with the one it goes on from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from numa_deploy.training.augment_options import Augmentation
from numa_deploy.training.train_options import TrainOptions

_MAKE_ANOTHER_TRAINING = (
    "data", "batch", "imgsz", "nbs", "optimizer", "lr0", "lrf", "epochs", "seed", "fraction", "momentum",
    "weight_decay", "warmup_epochs", "warmup_momentum", "warmup_bias_lr", "cos_lr", "precision", "track", "pose",
    "val_every", "close_mosaic", "multi_scale", "rect", "freeze", "cls_pw",
)  # fmt: skip


def shared(options: TrainOptions, augment: Augmentation) -> dict[str, Any]:
    """Return, as plain values, every word that makes another training when it is changed.

    Args:
        options: the recipe.
        augment: how its samples are changed, settled.
    """
    values = {name: getattr(options, name) for name in _MAKE_ANOTHER_TRAINING}
    values |= asdict(augment) | asdict(options.gains)
    plain = (bool, int, float, str, type(None))
    return {
        name: list(value) if isinstance(value, tuple) else value if isinstance(value, plain) else str(value)
        for name, value in values.items()
    }
