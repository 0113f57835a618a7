"""What the heads are to say of a batch, in pixels of the network's input."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class BoxTargets:
    """The objects of B images, padded to the M of the fullest.

    Attributes:
        boxes: float32 [B, M, 4] x1, y1, x2, y2.
        classes: int64 [B, M].
        valid: bool [B, M], False for padding.
        keypoints: float32 [B, M, K, 3] x, y, visibility (0: not labelled); K may be 0.
        known: bool [B], False for an image whose objects nobody labelled: nothing is said of it.
    """

    boxes: Tensor
    classes: Tensor
    valid: Tensor
    keypoints: Tensor
    known: Tensor

    def to(self, device: torch.device) -> BoxTargets:
        """Return the same on another device."""
        return moved(self, device)


@dataclass(frozen=True, slots=True)
class BallTargets:
    """The balls of every frame of B clips, padded to the M of the fullest frame.

    Attributes:
        points: float32 [B, G, M, 4] x, y, next_x, next_y.
        classes: int64 [B, G, M].
        valid: bool [B, G, M], False for padding; a frame without a ball has none.
        next_known: bool [B, G, M], whether the following frame exists and has this ball.
        known: bool [B, G], False for a frame that nobody labelled: nothing is said of it.
    """

    points: Tensor
    classes: Tensor
    valid: Tensor
    next_known: Tensor
    known: Tensor

    def to(self, device: torch.device) -> BallTargets:
        """Return the same on another device."""
        return moved(self, device)


def itself(value: Tensor) -> Tensor:
    """Return what a batch's sums are divided by, where one process has the whole batch."""
    return value


T = TypeVar("T", BoxTargets, BallTargets)


def moved(targets: T, device: torch.device) -> T:
    """Return targets with every tensor on another device."""
    parts = {part.name: getattr(targets, part.name).to(device, non_blocking=True) for part in fields(targets)}
    return replace(targets, **parts)


def silenced(targets: T) -> T:
    """Return targets that say nothing of any image."""
    return replace(targets, valid=torch.zeros_like(targets.valid), known=torch.zeros_like(targets.known))
