"""The thresholds of ByteTrack that every adapter translates into its peer's own. Standard library only.

ByteTrack: Zhang et al., ECCV 2022.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """One setting of ByteTrack; scores are 0-1.

    Attributes:
        high: from this score on a detection takes part in the first association; below, it can only extend a track.
        birth: from this score on a detection that nobody matched starts a track.
        match: the highest cost, 1 - IoU (times score where it is fused), of the first association.
        buffer: frames that a lost track is kept, at 30 a second.
    """

    high: float = 0.25
    birth: float = 0.25
    match: float = 0.8
    buffer: int = 30

    @property
    def iou(self) -> float:
        """The lowest overlap, for peers that ask for IoU rather than cost."""
        return round(1 - self.match, 6)


LOW = 0.1
"""Up to this score a detection is nothing, in every setting."""

USUAL = Thresholds()
"""Those of the YAML that users know."""

PUBLISHED = Thresholds(high=0.6, birth=0.7, match=0.9)
"""Those the paper's authors use with YOLOX on MOT17."""
