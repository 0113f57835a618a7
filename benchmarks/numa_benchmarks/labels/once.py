"""Labels that are written twice, or have no area, in whatever form they came."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.left_out import LeftOut


def usable(
    classes: NDArray[np.int64],
    boxes: NDArray[np.float64],
    keypoints: NDArray[np.float64],
    where: str,
    left_out: LeftOut,
) -> NDArray[np.int64]:
    """Return the rows that count: boxes with an area, and of equal rows the first.

    Args:
        classes: (n,).
        boxes: (n, 4) x1, y1, x2, y2.
        keypoints: (n, K, 3).
        where: whose labels they are.
        left_out: counts the others.
    """
    kept: dict[bytes, int] = {}
    for row, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        if x2 <= x1 or y2 <= y1:
            left_out.add("box without an area", where)
            continue
        whole = np.concatenate([[classes[row]], boxes[row], keypoints[row].ravel()]).tobytes()
        if whole in kept:
            left_out.add("label that is there twice, counted once", where)
        else:
            kept[whole] = row
    return np.array(list(kept.values()), np.int64)
