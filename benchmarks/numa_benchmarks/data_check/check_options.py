"""How closely labelled data is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.options import Options, option
from numa_runtime.options.panels import PRINTED, WHAT
from numa_runtime.options.readers import above, at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions(Options):
    """Which splits, and from where on something is suspicious."""

    mode: ClassVar[str] = "data check"

    split: str | None = option(None, "Only this split. Default: all there are.", metavar="NAME", panel=WHAT)
    jump: float = option(
        0.2, "A ball that moves farther in a frame, as a share of the width, is suspicious.", read=above(0), panel=WHAT
    )
    samples: int = option(40, "Pictures of the contact sheet.", read=at_least(1), panel=WHAT)
    quick: bool = option(False, "Do not read every picture: damaged and doubled ones are not found.", panel=WHAT)
    strict: bool = option(False, "Exit with 1 where something is suspicious or left out.", panel=PRINTED)
