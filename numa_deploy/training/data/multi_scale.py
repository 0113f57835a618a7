"""Batches of another size: multi-scale training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch.nn import functional

from numa_deploy.training.data.batch import Batch
from numa_deploy.training.losses.multitask import Targets


def rescale(batch: Batch, share: float, stride: int, rng: np.random.Generator) -> Batch:
    """Return a batch at another size, its labels with it.

    Args:
        batch: what to resize.
        share: the size is drawn from (1 - share) to (1 + share) of the batch's own.
        stride: sizes stay multiples of it.
        rng: where chance comes from.
    """
    height, width = batch.images.shape[-2:]
    ratio = rng.uniform(1 - share, 1 + share)
    size = [max(stride, round(side * ratio / stride) * stride) for side in (height, width)]
    if size == [height, width]:
        return batch
    images = functional.interpolate(batch.images.float(), size=size, mode="bilinear", align_corners=False)
    x, y = size[1] / width, size[0] / height
    scales = torch.tensor([x, y, x, y], device=images.device)
    boxes, balls = batch.targets.boxes, batch.targets.balls
    if boxes is not None:
        keypoints = boxes.keypoints * torch.tensor([x, y, 1.0], device=images.device)
        boxes = replace(boxes, boxes=boxes.boxes * scales, keypoints=keypoints)
    if balls is not None:
        balls = replace(balls, points=balls.points * scales)
    return replace(batch, images=images.round().clamp(0, 255).to(torch.uint8), targets=Targets(boxes, balls))
