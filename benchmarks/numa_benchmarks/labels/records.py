"""One labelled image and a set of them, whatever files they came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_benchmarks.labels.left_out import LeftOut

BOX_TO_OBJECT_AREA = 0.53
"""Mean share of its box that an object fills; stands in for the true area where labels have boxes only.

The factor of OKS on boxes as the field uses it (xtcocotools, CrowdPose; Ultralytics' pose validation). Measured on
COCO people: a pose network with keypoint mAP .547 on true areas gets .563 with this factor, .690 on whole boxes.
"""


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """One image and its n objects; row i of every array is one and the same object.

    Attributes:
        id: unique within the dataset, from 1.
        path: the image file.
        shape: (height, width) as the image is displayed (EXIF applied).
        boxes: float32 (n, 4) x1, y1, x2, y2 in pixels.
        classes: int64 (n,), index into `Dataset.names`.
        keypoints: float32 (n, K, 3) x, y in pixels, visibility 0 (not labelled), 1 (hidden), 2 (seen); K may be 0.
        crowd: bool (n,), regions in which detections count neither as right nor as wrong.
        area: float64 (n,), square pixels of the object itself (COCO), or what stands in for it; OKS needs it.
    """

    id: int
    path: Path
    shape: tuple[int, int]
    boxes: NDArray[np.float32]
    classes: NDArray[np.int64]
    keypoints: NDArray[np.float32]
    crowd: NDArray[np.bool_]
    area: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        number: int,
        path: Path,
        shape: tuple[int, int],
        boxes: ArrayLike,
        classes: ArrayLike,
        keypoints: ArrayLike | None = None,
        *,
        crowd: ArrayLike | None = None,
        area: ArrayLike | None = None,
    ) -> LabelledImage:
        """Make a record from anything array-like.

        Args:
            number: the image's id.
            path: the image file.
            shape: (height, width).
            boxes: (n, 4).
            classes: (n,).
            keypoints: (n, K, 3).
            crowd: (n,); none is one by default.
            area: (n,); that of the box by default.
        """
        xyxy = np.asarray(boxes, np.float32).reshape(-1, 4)
        n = len(xyxy)
        points = np.zeros((n, 0, 3), np.float32) if keypoints is None else np.asarray(keypoints, np.float32)
        if area is None:
            area = np.prod(np.asarray(xyxy[:, 2:], float) - xyxy[:, :2], axis=1)
        return cls(
            number,
            path,
            shape,
            xyxy,
            np.asarray(classes, np.int64).reshape(n),
            points,
            np.zeros(n, np.bool_) if crowd is None else np.asarray(crowd, np.bool_).reshape(n),
            np.asarray(area, np.float64).reshape(n),
        )

    def __len__(self) -> int:
        return len(self.boxes)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The labelled images of one split.

    Attributes:
        source: the file that describes the data (data.yaml, a COCO JSON).
        split: the split's name.
        names: class names; a label's class is an index into them.
        images: the labelled images.
        keypoints: K, 0 for data without keypoints.
        left_out: what of the files was not taken over.
    """

    source: Path
    split: str
    names: tuple[str, ...]
    images: tuple[LabelledImage, ...] = field(repr=False)
    keypoints: int = 0
    left_out: LeftOut = field(default_factory=LeftOut, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.images)

    def __iter__(self) -> Iterator[LabelledImage]:
        return iter(self.images)

    @property
    def objects(self) -> int:
        """The number of labelled objects, without crowds."""
        return sum(int(np.count_nonzero(~image.crowd)) for image in self.images)
