"""The COCO-17 skeleton: limbs by body part, left and right in different colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from numa_runtime.vision.draw.palette import Color
from numa_runtime.vision.opencv import import_cv2
from numa_runtime.vision.style import Style

cv2 = import_cv2()

SHIFT = 3
"""Fraction bits of the coordinates given to OpenCV: eighths of a pixel, so that slow motion does not jitter."""


@dataclass(frozen=True, slots=True)
class Limb:
    """A line between keypoints `a` and `b`."""

    a: int
    b: int
    color: Color


_FACE: Color = (190, 235, 120)
_TRUNK: Color = (235, 205, 95)
_LEFT_ARM: Color = (90, 225, 255)
_LEFT_LEG: Color = (60, 175, 255)
_RIGHT_ARM: Color = (255, 130, 215)
_RIGHT_LEG: Color = (250, 100, 150)

COCO_KEYPOINTS = 17
COCO_LIMBS: tuple[Limb, ...] = (
    *(Limb(a, b, _FACE) for a, b in ((0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6))),
    *(Limb(a, b, _TRUNK) for a, b in ((5, 6), (5, 11), (6, 12), (11, 12))),
    *(Limb(a, b, _LEFT_ARM) for a, b in ((5, 7), (7, 9))),
    *(Limb(a, b, _RIGHT_ARM) for a, b in ((6, 8), (8, 10))),
    *(Limb(a, b, _LEFT_LEG) for a, b in ((11, 13), (13, 15))),
    *(Limb(a, b, _RIGHT_LEG) for a, b in ((12, 14), (14, 16))),
)
_JOINTS: tuple[Color, ...] = (*(_FACE,) * 5, *(_LEFT_ARM, _RIGHT_ARM) * 3, *(_LEFT_LEG, _RIGHT_LEG) * 3)


def draw_keypoints(image: NDArray[Any], points: NDArray[Any], style: Style, line: int, other: Color) -> None:
    """Draw one object's keypoints (K, 3) x, y, visibility; 17 of them get the COCO limbs, others dots in `other`."""
    seen = [
        (round(x * (1 << SHIFT)), round(y * (1 << SHIFT)))
        if _shown(x, y, v, style.keypoint_conf, image.shape)
        else None
        for x, y, v in points.tolist()
    ]
    coco = len(seen) == COCO_KEYPOINTS
    for limb in COCO_LIMBS if coco and style.show_limbs else ():
        start, end = seen[limb.a], seen[limb.b]
        if start and end:
            cv2.line(image, start, end, limb.color, line, cv2.LINE_AA, SHIFT)
    wanted = line * 0.75 + 0.75 if style.keypoint_radius is None else style.keypoint_radius
    radius = round(wanted * (1 << SHIFT))
    for at, point in enumerate(seen):
        if point:
            cv2.circle(image, point, radius, _JOINTS[at] if coco else other, -1, cv2.LINE_AA, SHIFT)


def _shown(x: float, y: float, v: float, visible: float, shape: tuple[int, ...]) -> bool:
    """Whether a keypoint is seen and lies in or near the picture; (0, 0) is how data says "missing"."""
    near = -shape[1] < x < 2 * shape[1] and -shape[0] < y < 2 * shape[0]
    return v >= visible and near and (x, y) != (0.0, 0.0)
