"""What a tracker's filter holds of a box, and which box of a track is reported."""

from __future__ import annotations

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.kernels import order
from numa_runtime.words import Word


class FilterState(Word, refusal="state={word} is unknown{close}", hint="use {words}", error=TrackerError):
    """What of a box the constant-velocity filter holds; `kernels.noise` has the variances.

    XYAH: centre, aspect, height (ByteTrack). XYWH: centre, width, height (BoT-SORT). XYXY: the corners, with noise in
    pixels. XYSR: centre, area, aspect, with noise in pixels (SORT, OC-SORT).
    """

    XYAH = "xyah"
    XYWH = "xywh"
    XYXY = "xyxy"
    XYSR = "xysr"

    @property
    def number(self) -> int:
        """The kernels' number."""
        return _NUMBERS[self]


_NUMBERS = {
    FilterState.XYAH: order.XYAH,
    FilterState.XYWH: order.XYWH,
    FilterState.XYXY: order.XYXY,
    FilterState.XYSR: order.XYSR,
}


class BoxOutput(Word, refusal="output={word} is unknown{close}", hint="use {words}", error=TrackerError):
    """The box that is reported of a track: the filter's, or the one of the detection it was matched with."""

    FILTERED = "filtered"
    MATCHED = "matched"
