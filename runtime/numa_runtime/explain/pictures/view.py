"""Which part of the frame a strip shows, the same in all its panels, so that motion can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from numa_runtime.explain.boxes import Floats, corners
from numa_runtime.explain.pictures.paint import GROUND, Image, cv2
from numa_runtime.results import Frame

MARGIN = 0.3
"""Room around the boxes, as a part of their common height and width."""
SMALLEST = 120.0
"""Fewer pixels of the frame than this, per side, are not shown: what is around a box says where it is."""


@dataclass(frozen=True, slots=True)
class View:
    """The part of a frame from (left, top) that is shown at `scale` on width x height pixels."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    @classmethod
    def around(cls, boxes: Sequence[Floats], width: int, height: int, shape: tuple[int, ...] | None = None) -> View:
        """Return the view of this size that holds all boxes with room around them, in a frame of `shape` (h, w)."""
        points = np.concatenate([corners(box) for box in boxes]) if boxes else np.array([[0.0, 0], [width, height]])
        low, high = points.min(axis=0), points.max(axis=0)
        room = max(MARGIN * float((high - low).max()), 20.0)
        wide, tall = (max(float(side) + 2 * room, SMALLEST) for side in high - low)
        middle = 0.5 * (low + high)
        if shape is None:
            scale = min(width / wide, height / tall)
        else:
            scale = min(width / min(wide, shape[1]), height / min(tall, shape[0]))
        left, top = (float(m) - 0.5 * side / scale for m, side in zip(middle, (width, height), strict=True))
        if shape is not None:
            left, top = _within(left, width / scale, shape[1]), _within(top, height / scale, shape[0])
        return cls(left, top, scale, width, height)

    def points(self, points: Floats) -> Floats:
        """Return points (n, 2) of the frame as points of the view."""
        return cast("Floats", (points - np.array([self.left, self.top])) * self.scale)

    def shows(self, points: Floats) -> bool:
        """Whether the lower left corner of a box with these corners (of the view) lies in it: where its tag goes."""
        left, bottom = points[:, 0].min(), points[:, 1].max()
        return bool(-1 <= left < self.width and 0 < bottom <= self.height + 1)

    def cut(self, frame: Frame | None) -> Image:
        """Return the view of a frame, uint8 (height, width, 3); dark where there is no frame."""
        image = np.full((self.height, self.width, 3), GROUND, np.uint8)
        if frame is None:
            return image
        if frame.ndim == 2:
            frame = cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR)
        matrix = np.array([[self.scale, 0, -self.left * self.scale], [0, self.scale, -self.top * self.scale]])
        how = cv2.INTER_CUBIC if self.scale > 1 else cv2.INTER_AREA
        return cast(
            "Image",
            cv2.warpAffine(frame, matrix, (self.width, self.height), flags=how, borderValue=GROUND),
        )


def _within(low: float, side: float, size: int) -> float:
    """Return where a window of `side` starts that lies inside 0 to `size` if it can, in the middle if not."""
    return min(max(low, 0.0), size - side) if side <= size else 0.5 * (size - side)
