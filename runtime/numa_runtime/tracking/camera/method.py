"""The ways of estimating camera motion, under the words of BoT-SORT's YAML."""

from __future__ import annotations

from enum import StrEnum

from numa_runtime.errors import TrackerError, nearest


class CameraMotionMethod(StrEnum):
    """`gmc_method`: what two frames are compared by."""

    SPARSE_FLOW = "sparseOptFlow"
    ORB = "orb"
    ECC = "ecc"
    NONE = "none"

    @classmethod
    def of(cls, word: str | None) -> CameraMotionMethod:
        """Return the method a word means, in any case; None is `none`.

        Raises:
            TrackerError: an unknown method; the message names the known ones.
        """
        plain = "none" if word is None else str(word).strip().lower()
        by_word = {method.value.lower(): method for method in cls}
        if plain not in by_word:
            names = [method.value for method in cls]
            raise TrackerError(
                f"gmc_method={word!r} is unknown{nearest(plain, names)}", hint=f"use {', '.join(names[:-1])} or none"
            )
        return by_word[plain]

    @property
    def downscale(self) -> int:
        """By how much frames are made smaller before they are compared, unless the caller says otherwise.

        ORB places its corners to whole pixels and gets all of them; ECC looks at every pixel in every round and
        gets a quarter of the sides.
        """
        return {CameraMotionMethod.ORB: 1, CameraMotionMethod.ECC: 4}.get(self, 2)
