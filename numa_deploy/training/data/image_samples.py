"""Images as samples: each by its number, augmented by chances that depend on seed, epoch and number alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from numa_deploy.training.augment_options import Augmentation
from numa_deploy.training.data.affine import Size
from numa_deploy.training.data.batch import Batch, join_pictures
from numa_deploy.training.data.fitted_images import FittedImages
from numa_deploy.training.data.image_augment import augment_picture
from numa_deploy.training.data.image_index import ImageIndex
from numa_deploy.training.data.pictures import Picture, mosaic, place
from numa_deploy.training.data.rectangles import rectangles
from numa_runtime.contract import Color, InputSpec

Flip = NDArray[np.int64] | None


class ImageSamples(Dataset[Picture]):
    """Every image of an index, augmented.

    Args:
        index: images and labels.
        classes: how many there are.
        fitted: their pixels at the network's size.
        spec: the network's input.
        augment: how samples are changed.
        flip: each keypoint's partner in a mirror; None where nobody knows.
        seed: of everything.
        last_mosaic: epochs, from 0, from which on images are not joined any more.
    """

    unit = "image"

    def __init__(
        self,
        index: ImageIndex,
        classes: int,
        fitted: FittedImages,
        spec: InputSpec,
        augment: Augmentation,
        flip: Flip,
        seed: int,
        last_mosaic: int,
    ) -> None:
        self._index, self._fitted, self._spec, self.augment = index, fitted, spec, augment
        self._classes, self._flip, self._seed, self._last_mosaic = classes, flip, seed, last_mosaic
        self._shapes: NDArray[np.int64] | None = None
        self.groups: NDArray[np.int64] | None = None
        self.epoch = 0

    def in_rectangles(self, batch: int, stride: int) -> ImageSamples:
        """Let images of like shapes share batches that are only as high and wide as they need to be."""
        self.groups, self._shapes = rectangles(self._fitted.sizes, batch, stride)
        return self

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, number: int) -> Picture:
        rng = np.random.default_rng([self._seed, self.epoch, number])
        size: Size = self._fitted.size
        if self._shapes is not None:
            size = (int(self._shapes[number, 0]), int(self._shapes[number, 1]))
        joined = self.epoch < self._last_mosaic and bool(rng.random() < self.augment.mosaic)
        picture = self._mosaic(number, rng) if joined else self._placed(number, size)
        bgr = self._spec.color is Color.BGR
        return augment_picture(picture, size, self.augment, self._flip, rng, bgr=bgr)

    def class_weights(self, power: float) -> Tensor | None:
        """Return float32 (nc,): (1 / how often each class is labelled) ** power, of mean 1; None for power 0.

        A class without a label has weight 1.
        """
        if not power:
            return None
        counts = torch.from_numpy(self._index.class_counts(self._classes)).float()
        weights = counts.clamp(min=1) ** -power
        return torch.where(counts > 0, weights / weights[counts > 0].mean(), 1.0)

    @staticmethod
    def join(samples: Sequence[Picture]) -> Batch:
        """Return samples as a batch."""
        return join_pictures(samples)

    def _mosaic(self, number: int, rng: np.random.Generator) -> Picture:
        height, width = self._fitted.size
        others = rng.integers(0, len(self._index), 3).tolist()
        centre = (int(rng.uniform(0.5, 1.5) * width), int(rng.uniform(0.5, 1.5) * height))
        tiles = [self._picture(one) for one in (number, *others)]
        return mosaic(tiles, (height, width), centre, self._spec.letterbox.pad_value)

    def _placed(self, number: int, size: Size) -> Picture:
        """Return an image where the letterbox puts it."""
        picture = self._picture(number)
        if self._shapes is None:
            done = self._fitted.transform(number)
            corner = (int(done.left), int(done.top))
        else:
            spare = size[0] - picture.pixels.shape[0], size[1] - picture.pixels.shape[1]
            corner = (max(0, round(spare[1] / 2 - 0.1)), max(0, round(spare[0] / 2 - 0.1)))
        return place(picture, size, corner, self._spec.letterbox.pad_value)

    def _picture(self, number: int) -> Picture:
        """Return an image in its own pixels at the network's size; grey and without labels where it is damaged."""
        name, here = str(self._index.path(number)), self._index.objects(number)
        pixels = self._fitted.read(number)
        ratio = np.array(self._fitted.transform(number).ratios, np.float32)
        boxes = self._index.boxes[here] * np.tile(ratio, 2)
        points = self._index.keypoints[here].copy()
        points[..., :2] *= ratio
        shown = np.ones(len(boxes), np.float32)
        picture = Picture(_NOTHING, boxes, self._index.classes[here].astype(np.int64), points, shown, True, name)
        if pixels is not None:
            return replace(picture, pixels=pixels)
        height, width = self._fitted.sizes[number].tolist()
        grey = np.full((height, width, self._spec.channels), self._spec.letterbox.pad_value, np.uint8)
        none = slice(0, 0)
        return Picture(grey, boxes[none], picture.classes[none], points[none], shown[none], False, name, (name,))


_NOTHING = np.empty((0, 0, 0), np.uint8)
