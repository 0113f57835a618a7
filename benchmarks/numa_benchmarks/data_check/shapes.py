"""Boxes and keypoints that no object has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.data_check.suspicions import Suspicions

SMALLEST_PX, LONGEST = 2.0, 20.0
"""A box with a shorter side is no object that can be seen; one that is more times longer than wide is a slip."""

UNLIKE = 5.0
"""Players of one camera whose heights differ more from the median, this way or that, are no players."""

OUTSIDE = 0.35
"""How far from its box a keypoint may be, as a share of the box's longer side; outstretched rackets' hands are near."""

SAME = 0.95
"""Two boxes of greater overlap are one object, labelled twice."""

Floats = NDArray[np.float32]


def suspect_shapes(
    boxes: Floats, keypoints: Floats, where: str, suspicions: Suspicions, typical: float | None = None
) -> None:
    """Note the boxes of absurd size, keypoints far outside their box, and objects that are there twice.

    Args:
        boxes: (n, 4), pixels.
        keypoints: (n, K, 3).
        where: file and frame.
        suspicions: takes what is found.
        typical: height of such objects, pixels, where they are all much the same.
    """
    for at, ((x1, y1, x2, y2), points) in enumerate(zip(boxes.tolist(), keypoints, strict=True)):
        w, h = x2 - x1, y2 - y1
        said = f"box {w:.0f}x{h:.0f} at {x1:.0f},{y1:.0f}"
        if min(w, h) < SMALLEST_PX or max(w, h) > LONGEST * min(w, h):
            suspicions.add("box of absurd size", where, said)
        elif typical is not None and not typical / UNLIKE <= h <= typical * UNLIKE:
            suspicions.add("box much larger or smaller than the others", where, f"{said}; half are {typical:.0f} high")
        seen = points[points[:, 2] > 0, :2]
        away = np.maximum(np.maximum([x1, y1] - seen, seen - [x2, y2]), 0).max(initial=0.0)
        if away > OUTSIDE * max(w, h):
            suspicions.add("keypoint far outside its box", where, f"{away:.0f} px outside {said}")
        for other in boxes[:at].tolist():
            if _overlap((x1, y1, x2, y2), other) > SAME:
                suspicions.add("object that is labelled twice", where, said)
                break


def _overlap(one: tuple[float, ...], other: list[float]) -> float:
    """Return the intersection of two boxes over their union."""
    sides = [min(one[k + 2], other[k + 2]) - max(one[k], other[k]) for k in (0, 1)]
    shared = max(sides[0], 0.0) * max(sides[1], 0.0)
    whole = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - shared
    return shared / whole if whole > 0 else 0.0
