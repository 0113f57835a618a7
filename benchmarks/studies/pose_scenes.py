"""Detections with skeletons made up around labelled tracks: labelled poses in video do not exist.

Real boxes of real identities; real poses, drawn from COCO's and changing slowly; made-up errors. Where a person is
covered by another (whose box ends lower in the picture), scores fall, detections fail, keypoints go out of sight or
land on the one in front.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.labels.records import Dataset

Floats = NDArray[np.float64]

FEWEST_LABELLED = 14
"""Keypoints that a pose needs to be drawn: of 17, COCO's people in full view."""

STEALS = 0.3
"""Share of covered keypoints that are found on the one in front."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How bad detections are: shares of the box's sides for boxes and keypoints, shares of objects, counts a frame."""

    name: str
    box: float
    keypoint: float
    missed: float
    false_per_frame: float


LEVELS = (
    Noise("low", 0.02, 0.02, 0.03, 0.3),
    Noise("medium", 0.05, 0.04, 0.08, 1.0),
    Noise("high", 0.08, 0.08, 0.15, 2.0),
)


def poses_of(dataset: Dataset) -> Floats:
    """Return the dataset's well-labelled poses, and their mirror images: (p, K, 3) relative to their boxes (0 to 1)."""
    found = []
    for image in dataset.images:
        for box, points in zip(image.boxes.astype(np.float64), image.keypoints.astype(np.float64), strict=True):
            if (points[:, 2] > 0).sum() >= FEWEST_LABELLED:
                relative = (points[:, :2] - box[:2]) / (box[2:] - box[:2])
                labelled = points[:, 2:] > 0
                found += [np.hstack([relative, labelled]), np.hstack([relative * [-1, 1] + [1, 0], labelled])]
    return np.array(found)


def drawn_together(poses: Floats, alike: float) -> Floats:
    """Return the poses moved towards their mean by the share `alike`: people who do the same look the same."""
    labelled = poses[..., 2:]
    mean = (poses[..., :2] * labelled).sum(0) / np.maximum(labelled.sum(0), 1)
    return np.concatenate([(1 - alike) * poses[..., :2] + alike * mean, labelled], axis=2)


class Skeletons:
    """The pose of every identity at every frame: from one drawn pose to the next in `pace` frames."""

    def __init__(self, poses: Floats, rng: np.random.Generator, pace: int) -> None:
        self._poses, self._rng, self._pace = poses, rng, pace
        self._drawn: dict[tuple[int, int], Floats] = {}

    def at(self, identity: int, frame: int) -> Floats:
        """Return (K, 3), relative to the box; the third number is 0 where a keypoint is not labelled."""
        index, part = divmod(frame + 3 * identity, self._pace)
        first, second, share = self._draw(identity, index), self._draw(identity, index + 1), part / self._pace
        return np.hstack([(1 - share) * first[:, :2] + share * second[:, :2], np.minimum(first, second)[:, 2:]])

    def _draw(self, identity: int, index: int) -> Floats:
        key = (identity, index)
        if key not in self._drawn:
            self._drawn[key] = self._poses[self._rng.integers(len(self._poses))]
        return self._drawn[key]


def covered(boxes: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return how much of each box lies behind the one that covers it most (0 to 1), and which that is."""
    size = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:]) - np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    shared = np.clip(size, 0, None).prod(2) / (boxes[:, 2:] - boxes[:, :2]).prod(1)[:, None]
    shared *= boxes[:, None, 3] < boxes[None, :, 3]
    return shared.max(axis=1, initial=0.0), shared.argmax(axis=1)


def detections(
    truth: MotTable, frames: int, poses: Floats, noise: Noise, rng: np.random.Generator, pace: int = 10
) -> Iterator[tuple[Floats, Floats]]:
    """Yield detections (n, 6) and keypoints (n, K, 3) of the first `frames` frames; a new pose every `pace` of them."""
    skeletons = Skeletons(poses, rng, pace)
    for frame in range(1, frames + 1):
        rows = truth.frame == frame
        ltwh = truth.ltwh[rows]
        boxes = np.hstack([ltwh[:, :2], ltwh[:, :2] + ltwh[:, 2:]])
        relative = np.array([skeletons.at(int(i), frame) for i in truth.id[rows]]).reshape(-1, poses.shape[1], 3)
        yield _one_frame(boxes, relative, poses, noise, rng)


def _one_frame(
    boxes: Floats, relative: Floats, poses: Floats, noise: Noise, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    if not len(boxes):
        return np.zeros((0, 6)), np.zeros((0, poses.shape[1], 3))
    cover, front = covered(boxes)
    points = _points(boxes, relative, front, cover, noise, rng)
    scores = np.clip(0.88 - 0.6 * cover + rng.normal(0, 0.08, len(boxes)), 0.05, 0.98)
    kept = rng.uniform(size=len(boxes)) >= noise.missed + 0.6 * np.clip(cover - 0.4, 0, None)
    sides = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    found = np.column_stack([boxes + rng.normal(0, noise.box, boxes.shape) * sides, scores, np.zeros(len(boxes))])
    wrong = rng.integers(len(boxes), size=rng.poisson(noise.false_per_frame))
    shift = np.tile(rng.uniform(-0.7, 0.7, (len(wrong), 2)), 2) * sides[wrong]
    ghosts = np.column_stack([boxes[wrong] + shift, rng.uniform(0.1, 0.5, len(wrong)), np.zeros(len(wrong))])
    bodies = poses[rng.integers(len(poses), size=len(wrong))]
    placed = ghosts[:, None, :2] + bodies[..., :2] * sides[wrong][:, None, :2]
    return (
        np.vstack([found[kept], ghosts]),
        np.concatenate([points[kept], np.concatenate([placed, bodies[..., 2:]], axis=2)]),
    )


def _points(
    boxes: Floats, relative: Floats, front: NDArray[np.int64], cover: Floats, noise: Noise, rng: np.random.Generator
) -> Floats:
    """Return the keypoints (n, K, 3) that a network would see, with its errors."""
    sides = (boxes[:, 2:] - boxes[:, :2])[:, None]
    true = boxes[:, None, :2] + relative[..., :2] * sides
    before = boxes[front][:, None]
    inside = ((true >= before[..., :2]) & (true <= before[..., 2:])).all(axis=2)
    hidden = inside & (cover > 0)[:, None] & (rng.uniform(size=inside.shape) < 0.8)
    stolen = hidden & (rng.uniform(size=inside.shape) < STEALS)
    seen = (relative[..., 2] > 0) & (~hidden | stolen)
    found = np.where(stolen[..., None], true[front], true) + rng.normal(0, noise.keypoint, true.shape) * sides
    return np.concatenate([found, seen[..., None]], axis=2)
