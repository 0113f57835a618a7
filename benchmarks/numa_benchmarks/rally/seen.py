"""What can be seen of a painted scene, and so is labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.rally_records import FrameLabels
from numa_benchmarks.rally import body
from numa_benchmarks.rally.camera import Camera

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

HIDDEN = 0.7
"""A ball of which more than this share is painted over is not labelled: nobody could point at it."""

FAINTEST = 3.0
"""Grey levels by which a ball must differ from what is behind it to be labelled."""


@dataclass(frozen=True, slots=True)
class PaintedBall:
    """A painted ball.

    Attributes:
        point: (2,) its middle, pixels.
        cover: (h, w) how opaque it is, 0-1.
        corner: (x, y) of that part of the picture.
        before: uint8 (h, w, 3), that part without the ball.
        after: the same with it.
        over: bool (h, w), where something was painted over it.
    """

    point: Array
    cover: Array
    corner: tuple[int, int]
    before: Picture
    after: Picture
    over: NDArray[np.bool_]

    def veiled(self, shown: Picture, picture: Picture, alpha: float) -> PaintedBall:
        """Return it as it is seen through a veil that is in the picture now and was not in `shown`."""
        part = self.part
        over = self.over | (shown[part] != self.after).any(2)
        behind = picture[part] - (1 - alpha) * (self.after.astype(float) - self.before)
        before = np.asarray(behind.clip(0, 255), np.uint8)
        return PaintedBall(self.point, self.cover, self.corner, before, picture[part].copy(), over)

    @property
    def part(self) -> tuple[slice, slice]:
        """Rows and columns of the picture."""
        (x, y), (height, width) = self.corner, self.after.shape[:2]
        return slice(y, y + height), slice(x, x + width)

    def hidden(self, picture: Picture) -> bool:
        """Whether it cannot be seen in the finished picture: painted over, or of the colour of what is behind it."""
        if not self.cover.size or self.cover.max() < 0.02:
            return True
        over = self.over | (picture[self.part] != self.after).any(2)
        if float((self.cover * over).sum() / self.cover.sum()) > HIDDEN:
            return True
        weight = self.cover / self.cover.sum()
        change = np.abs(self.after.astype(float) - self.before.astype(float)).mean(2)
        return float((change * weight).sum()) < FAINTEST


def labels_of(
    camera: Camera, players: list[tuple[Array, Array]], ball: Array | None
) -> tuple[FrameLabels, tuple[int, ...]]:
    """Return the labels of a frame, and whose the boxes are.

    Args:
        camera: what sees it.
        players: joints (17, 3), metres, and box (4,), pixels, of each; who is nearly out of the picture is left out.
        ball: (2,) pixels; None where it is not seen.
    """
    height, width = camera.size
    boxes, points, numbers = [], [], []
    for number, (joints, box) in enumerate(players):
        cut = np.clip(box, 0, [width, height, width, height])
        if (cut[2] - cut[0]) * (cut[3] - cut[1]) < 0.15 * (box[2] - box[0]) * (box[3] - box[1]):
            continue
        boxes.append(cut)
        points.append(keypoints_of(camera, joints))
        numbers.append(number)
    shaped = np.array(points).reshape(len(boxes), body.JOINTS, 3)
    return FrameLabels.of([] if ball is None else [ball], boxes, shaped), tuple(numbers)


def keypoints_of(camera: Camera, joints: Array) -> Array:
    """Return (17, 3) x, y, visibility: 2, or 0 outside the picture and for a face that is turned away."""
    pixels, depth = camera.project(joints)
    height, width = camera.size
    seen = np.asarray(np.logical_and(pixels >= 0, pixels < (width, height)).all(axis=1))
    middle = (joints[body.LEFT_EAR] + joints[body.RIGHT_EAR]) / 2
    to_camera = (camera.eye - middle) / np.linalg.norm(camera.eye - middle)
    ahead = joints[body.NOSE] - middle
    left = joints[body.LEFT_EAR] - middle
    ahead, left = ahead / np.linalg.norm(ahead), left / np.linalg.norm(left)
    facing, sideways = float(ahead @ to_camera), float(left @ to_camera)
    seen[[body.NOSE, body.LEFT_EYE, body.RIGHT_EYE]] &= facing > -0.2
    seen[body.LEFT_EYE] &= sideways > -0.85
    seen[body.RIGHT_EYE] &= sideways < 0.85
    seen[body.LEFT_EAR] &= sideways > -0.5
    seen[body.RIGHT_EAR] &= sideways < 0.5
    visible = np.where(seen & (depth > 0.3), 2.0, 0.0)
    return np.concatenate([pixels * (visible[:, None] > 0), visible[:, None]], 1)
