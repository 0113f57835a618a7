"""ByteTrack's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.params.base import DEFAULT_STATE
from numa_runtime.tracking.params.cascade import CascadeParams
from numa_runtime.tracking.params.filter_state import BoxOutput, FilterState
from numa_runtime.tracking.params.info import param
from numa_runtime.words import Word


class Compat(Word, refusal="compat={word} is unknown{close}", hint="use {words}", error=TrackerError):
    """Whose semantics: ours, or the published ByteTrack's with its known defects."""

    MODERN = "modern"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteTrackParams(CascadeParams):
    """ByteTrack's parameters under the names of its YAML, and ours.

    Zhang et al. 2022, "ByteTrack: Multi-Object Tracking by Associating Every Detection Box" (ECCV).

    Raises:
        TrackerError: a value out of its range or of the wrong type, low threshold not below the high one, a
            request that `compat="classic"` cannot grant.
    """

    tracker_type: ClassVar[str] = "bytetrack"

    compat: Compat = param(  # noqa: RUF009
        "modern",
        '"modern", or "classic" for the published semantics with their defects',
        parse=Compat.parse,
        fixed="the two keep other lists of tracks",
    )

    def agree(self) -> None:
        """Raise if no detection could be low, or if the classic semantics lack what is asked for."""
        CascadeParams.agree(self)
        asked = {
            "per_class": self.per_class,
            "birth_conf": self.birth_conf,
            "track_buffer_s": self.track_buffer_s is not None,
            "min_hits": self.min_hits != 1,
            "state": self.state not in (DEFAULT_STATE, FilterState.XYAH),
            "output": self.output is not BoxOutput.FILTERED,
            "pose_weight": self.pose_weight != 0,
        }
        refused = [name for name, is_asked in asked.items() if is_asked]
        if self.classic and refused:
            raise TrackerError(
                f'compat="classic" has no {refused[0]}: it reproduces the published tracker',
                hint=f"drop {refused[0]} or compat",
            )

    @property
    def classic(self) -> bool:
        """Whether the published semantics are asked for."""
        return self.compat is Compat.CLASSIC
