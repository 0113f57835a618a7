"""Batches: samples padded to one shape, as bytes; the device turns them into floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from numa_deploy.training.data.clips import Clip
from numa_deploy.training.losses.multitask import Targets
from numa_deploy.training.losses.targets import BallTargets, BoxTargets


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step of the training sees.

    Attributes:
        images: uint8 [B, planes, H, W].
        targets: what the heads are to say.
        names: of the samples, for messages.
    """

    images: Tensor
    targets: Targets
    names: tuple[str, ...]

    def to(self, device: torch.device) -> Batch:
        """Return the same on another device."""
        boxes, balls = self.targets.boxes, self.targets.balls
        moved = Targets(None if boxes is None else boxes.to(device), None if balls is None else balls.to(device))
        return Batch(self.images.to(device, non_blocking=True), moved, self.names)


def join_clips(clips: Sequence[Clip]) -> Batch:
    """Return clips as a batch."""
    images = torch.from_numpy(np.stack([clip.frames.reshape(-1, *clip.frames.shape[-2:]) for clip in clips]))
    return Batch(images, Targets(_boxes(clips), _balls(clips)), tuple(clip.name for clip in clips))


def _boxes(clips: Sequence[Clip]) -> BoxTargets:
    most = max(1, *(len(clip.boxes) for clip in clips))
    keypoints = max(clip.keypoints.shape[1] for clip in clips)
    boxes = torch.zeros(len(clips), most, 4)
    valid = torch.zeros(len(clips), most, dtype=torch.bool)
    points = torch.zeros(len(clips), most, keypoints, 3)
    for row, clip in enumerate(clips):
        count = len(clip.boxes)
        boxes[row, :count] = torch.from_numpy(clip.boxes)
        valid[row, :count] = True
        if clip.keypoints.shape[1]:
            points[row, :count] = torch.from_numpy(clip.keypoints)
    known = torch.tensor([clip.players_known for clip in clips])
    return BoxTargets(boxes, torch.zeros(len(clips), most, dtype=torch.long), valid, points, known)


def _balls(clips: Sequence[Clip]) -> BallTargets:
    frames = len(clips[0].balls)
    most = max(1, *(len(balls) for clip in clips for balls in clip.balls))
    points = torch.zeros(len(clips), frames, most, 4)
    valid = torch.zeros(len(clips), frames, most, dtype=torch.bool)
    next_known = torch.zeros_like(valid)
    for row, clip in enumerate(clips):
        for frame, (now, then) in enumerate(zip(clip.balls, clip.following, strict=True)):
            count = len(now)
            both = np.concatenate([now, np.nan_to_num(then)], 1)
            points[row, frame, :count] = torch.from_numpy(both)
            valid[row, frame, :count] = True
            next_known[row, frame, :count] = torch.from_numpy(np.isfinite(then).all(1))
    known = torch.from_numpy(np.stack([clip.ball_known for clip in clips]))
    return BallTargets(points, torch.zeros(points.shape[:3], dtype=torch.long), valid, next_known, known)
