"""Batches: samples padded to one shape, as bytes; the device turns them into floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from numa_deploy.training.data.clips import Clip
from numa_deploy.training.data.pictures import Picture
from numa_deploy.training.losses.multitask import Targets
from numa_deploy.training.losses.targets import BallTargets, BoxTargets, silenced

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step of the training sees.

    Attributes:
        images: uint8 [B, planes, H, W].
        targets: what the heads are to say.
        names: of the samples, for messages.
        unreadable: files that were to be in it and could not be read.
    """

    images: Tensor
    targets: Targets
    names: tuple[str, ...]
    unreadable: tuple[str, ...] = ()

    def to(self, device: torch.device) -> Batch:
        """Return the same on another device."""
        boxes, balls = self.targets.boxes, self.targets.balls
        moved = Targets(None if boxes is None else boxes.to(device), None if balls is None else balls.to(device))
        return Batch(self.images.to(device, non_blocking=True), moved, self.names, self.unreadable)

    def silenced(self) -> Batch:
        """Return the same with nothing to learn from: no part of the loss counts it."""
        boxes, balls = self.targets.boxes, self.targets.balls
        silent = Targets(None if boxes is None else silenced(boxes), None if balls is None else silenced(balls))
        return replace(self, targets=silent)


def join_clips(clips: Sequence[Clip]) -> Batch:
    """Return clips as a batch; their players are all of one class."""
    images = torch.from_numpy(np.stack([clip.frames.reshape(-1, *clip.frames.shape[-2:]) for clip in clips]))
    objects = [(clip.boxes, np.zeros(len(clip.boxes), np.int64), clip.keypoints) for clip in clips]
    boxes = _boxes(objects, [clip.players_known for clip in clips])
    return Batch(images, Targets(boxes, _balls(clips)), tuple(clip.name for clip in clips))


def join_pictures(pictures: Sequence[Picture]) -> Batch:
    """Return single images, augmented to one size, as a batch."""
    images = torch.from_numpy(np.stack([one.pixels for one in pictures]))
    objects = [(one.boxes, one.classes, one.keypoints) for one in pictures]
    boxes = _boxes(objects, [one.known for one in pictures])
    unreadable = tuple(dict.fromkeys(name for one in pictures for name in one.unreadable))
    return Batch(images, Targets(boxes), tuple(one.name for one in pictures), unreadable)


def _boxes(objects: Sequence[tuple[Floats, Whole, Floats]], known: Sequence[bool]) -> BoxTargets:
    """Return the objects of each sample (boxes, classes, keypoints), padded."""
    most = max(1, *(len(boxes) for boxes, _, _ in objects))
    keypoints = max(points.shape[1] for _, _, points in objects)
    rows = len(objects)
    padded = torch.zeros(rows, most, 4)
    labels = torch.zeros(rows, most, dtype=torch.long)
    valid = torch.zeros(rows, most, dtype=torch.bool)
    padded_points = torch.zeros(rows, most, keypoints, 3)
    for row, (boxes, classes, points) in enumerate(objects):
        count = len(boxes)
        padded[row, :count] = torch.from_numpy(boxes)
        labels[row, :count] = torch.from_numpy(classes)
        valid[row, :count] = True
        if points.shape[1]:
            padded_points[row, :count] = torch.from_numpy(points)
    return BoxTargets(padded, labels, valid, padded_points, torch.tensor(list(known)))


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
