"""Features of both frames, paired by what they look like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.camera.base import NoMotionFoundError, Warp
from numa_runtime.tracking.camera.similarity import fit_similarity
from numa_runtime.tracking.camera.view import View
from numa_runtime.vision.opencv import import_cv2

_MOST_FEATURES = 500
_LEVELS = 3  # a frame hardly zooms against the last one, and coarse levels place corners badly
_RATIO = 0.8
_LONGEST_STEP = 0.25  # of the view's sides: a camera that turns further leaves too little in common


@dataclass(frozen=True, slots=True)
class Features:
    """points: float32 (n, 2) x, y. words: uint8 (n, 32), binary descriptors. reach: longest step in x and in y."""

    points: NDArray[np.float32]
    words: NDArray[np.uint8]
    reach: NDArray[np.float64]


class OrbFeatures:
    """Oriented FAST corners and rotated BRIEF descriptors (Rublee et al. 2011), Lowe's ratio test (2004)."""

    def __init__(self) -> None:
        cv2 = import_cv2()
        self._orb = cv2.ORB_create(nfeatures=_MOST_FEATURES, nlevels=_LEVELS, fastThreshold=10)
        self._matcher = cv2.BFMatcher(cv2.NORM_HAMMING)

    def __reduce__(self) -> tuple[type[OrbFeatures], tuple[()]]:
        """Copy and pickle as a new one: OpenCV's objects can be neither, and remember nothing."""
        return OrbFeatures, ()

    def look(self, view: View) -> Features:
        """Describe the features of one frame, outside of what moves by itself."""
        found, words = self._orb.detectAndCompute(view.grey, view.mask)
        points = np.array([feature.pt for feature in found], np.float32).reshape(-1, 2)
        described = np.zeros((0, 32), np.uint8) if words is None else words
        return Features(points, described, _LONGEST_STEP * np.array(view.grey.shape[::-1]))

    def align(self, last: Features, now: Features) -> Warp:
        """Return the warp between two views.

        Raises:
            NoMotionFoundError: too few features, or pairs that do not agree.
        """
        if len(last.points) < 2 or len(now.points) < 2:
            raise NoMotionFoundError(f"there are {len(last.points)} and {len(now.points)} features")
        pairs = self._matcher.knnMatch(last.words, now.words, k=2)
        clear = [best for best, second in pairs if best.distance < _RATIO * second.distance]
        before = last.points[[match.queryIdx for match in clear]]
        after = now.points[[match.trainIdx for match in clear]]
        near = (np.abs(after - before) <= last.reach).all(1)
        return fit_similarity(before[near], after[near])
