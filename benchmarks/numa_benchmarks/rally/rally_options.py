"""What is asked of a set of generated rallies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from numa_benchmarks.rally.sports import Sport
from numa_runtime.errors import UsageError
from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST, WRITTEN
from numa_runtime.options.readers import Size, above, as_pair, at_least, read_list, read_size, within
from numa_runtime.words import Word

SEEDS = 100_000
"""Scenes of one seed: rally k of seed s is scene s * SEEDS + k, so that no two seeds share a rally."""

_LEAST, _MOST = 64, 4096


class Layout(Word, refusal="rallies are not written as {word}{close}; there is: {list}", hint="--format annotation"):
    """How rallies are laid out on disk."""

    ANNOTATION = "annotation"
    MOT = "mot"


def read_sports(_: str, value: Any) -> tuple[Sport, ...]:
    """Return the sports of "badminton,tennis" or a sequence.

    Raises:
        UsageError: there is no such sport, or none is named.
    """
    found = tuple(Sport.parse(word) for word in read_list("sport", value))
    if not found:
        raise UsageError("no sport is named", hint="--sport badminton")
    return found


def _read_frame_size(name: str, value: Any) -> tuple[int, int]:
    height, width = as_pair(read_size(name, value))
    if min(height, width) < _LEAST or max(height, width) > _MOST:
        raise UsageError(
            f"{name} is {height}x{width}; a rally's frames are {_LEAST} to {_MOST} pixels high and wide",
            hint=f"{name}=360,640",
        )
    return height, width


@dataclass(frozen=True, slots=True, kw_only=True)
class RallyOptions(Options):
    """Which rallies, how many, and how they are written."""

    mode: ClassVar[str] = "data rally"

    sport: tuple[Sport, ...] = option(
        (Sport.BADMINTON,),
        f"What is played: {', '.join(Sport)}; several, comma separated, take turns.",
        read=read_sports,
        metavar="NAMES",
        panel=MOST,
    )
    rallies: int = option(8, "How many.", read=at_least(1), panel=MOST)
    seed: int = option(0, "The same seed gives the same rallies.", read=at_least(0), panel=MOST)
    frames: int = option(90, "Frames of each.", read=at_least(1), panel=MOST)
    fps: float = option(30.0, "Frames per second.", read=above(0, 1000), panel=MOST)
    imgsz: Size = option(
        (360, 640), "Height and width of the frames.", read=_read_frame_size, metavar="SIZE", panel=MOST
    )
    val: float = option(0.25, "Share of the rallies to validate on; at least one.", read=within(0, 1), panel=WRITTEN)
    test: float = option(0.0, "Share of the rallies to test on.", read=within(0, 1), panel=WRITTEN)
    format: Layout = option(
        Layout.ANNOTATION,
        f"{' or '.join(Layout)} (gt/gt.txt, seqinfo.ini, img1/, ball.csv).",
        read=lambda _, value: Layout.parse(value),
        metavar="NAME",
        panel=WRITTEN,
    )
    video: bool = option(False, "Write video.mp4 instead of frame/*.jpg.", panel=WRITTEN)

    def __post_init__(self) -> None:
        Options.__post_init__(self)
        if self.video and self.format is Layout.MOT:
            raise UsageError("MOT folders hold images, not videos", hint="drop --video, or --format annotation")
        if self.rallies > SEEDS:
            raise UsageError(f"a seed has {SEEDS:,} rallies; {self.rallies:,} are asked for", hint="another --seed")
        if self.rallies > 1 and "train" not in self.splits():
            raise UsageError(
                f"of {self.rallies} rallies none is left to train on",
                hint="a smaller --val and --test, or more --rallies",
            )

    def splits(self) -> list[str]:
        """Return the split of each rally: the first ones train, then val, then test."""
        val = max(1, round(self.val * self.rallies))
        test = min(round(self.test * self.rallies), self.rallies - val)
        return ["train"] * (self.rallies - val - test) + ["val"] * val + ["test"] * test

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the frames."""
        return as_pair(self.imgsz)
