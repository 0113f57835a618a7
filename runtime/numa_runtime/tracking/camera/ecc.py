"""The whole image at once: the turn and shift that make both frames most alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.camera.base import NoMotionFoundError, Warp
from numa_runtime.tracking.camera.view import View, scale_back
from numa_runtime.vision.opencv import import_cv2

_ROUNDS = 50
_SMALLEST_GAIN = 1e-4
_SMOOTHING = 5
_COARSEST_SIDE = 40
_LEAST_LIKENESS = 0.5

Pyramid = list[View]


class EnhancedCorrelation:
    """Enhanced correlation coefficient, Euclidean motion (Evangelidis and Psarakis 2008), from coarse to fine.

    Starting on small images finds steps that are longer than what the full one converges from.
    """

    def look(self, view: View) -> Pyramid:
        """Return the view at 1, 1/2, 1/4, ... of its sides, finest first."""
        views = [view]
        while min(views[-1].grey.shape) // 2 >= _COARSEST_SIDE:
            last = views[-1]
            rows, columns = (side // 2 for side in last.grey.shape)
            mask = None if last.mask is None else _whole(_halved(last.mask, rows, columns))
            views.append(View(_halved(last.grey, rows, columns), mask))
        return views

    def align(self, last: Pyramid, now: Pyramid) -> Warp:
        """Return the warp between two views.

        Raises:
            NoMotionFoundError: the images do not converge on a motion, or are not alike after it.
        """
        cv2 = import_cv2()
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ROUNDS, _SMALLEST_GAIN)
        warp = np.eye(2, 3, dtype=np.float32)
        likeness = 0.0
        for level, (before, after) in enumerate(zip(reversed(last), reversed(now), strict=True)):
            if level:
                warp = scale_back(warp.astype(np.float64), 2).astype(np.float32)
            try:
                likeness, warp = cv2.findTransformECC(
                    before.grey, after.grey, warp, cv2.MOTION_EUCLIDEAN, criteria, after.mask, _SMOOTHING
                )
            except cv2.error as error:
                raise NoMotionFoundError("ECC does not converge") from error
        if not np.isfinite(warp).all() or likeness < _LEAST_LIKENESS:
            raise NoMotionFoundError(f"the frames are not alike (correlation {likeness:.2f})")
        return warp.astype(np.float64)


def _halved(image: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    cv2 = import_cv2()
    smaller: NDArray[np.uint8] = cv2.resize(
        image[: 2 * rows, : 2 * columns], (columns, rows), interpolation=cv2.INTER_AREA
    )
    return smaller


def _whole(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Keep what no hidden pixel was mixed into."""
    return np.where(mask == 255, mask, 0).astype(np.uint8)
