"""The ways of estimating camera motion, under the words of BoT-SORT's YAML."""

from __future__ import annotations

from numa_runtime.errors import TrackerError
from numa_runtime.words import Word


class CameraMotionMethod(Word, refusal="gmc_method={word} is unknown{close}", hint="use {words}", error=TrackerError):
    """`gmc_method`: what two frames are compared by; None, as a YAML may say it, is `none` too."""

    SPARSE_FLOW = "sparseOptFlow"
    ORB = "orb"
    ECC = "ecc"
    NONE = "none"

    @property
    def downscale(self) -> int:
        """By how much frames are made smaller before they are compared, unless the caller says otherwise.

        ORB places its corners to whole pixels and gets all of them; ECC looks at every pixel in every round and
        gets a quarter of the sides.
        """
        return {CameraMotionMethod.ORB: 1, CameraMotionMethod.ECC: 4}.get(self, 2)
