"""What labelled data is converted to, and what was written and lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numa_benchmarks.progress import Progress
from numa_runtime.words import Word, count


class Target(Word, refusal="data is not converted to {word}{close}; there is: {list}", hint="--to yolo"):
    """A layout that is written."""

    ANNOTATION = "annotation"
    BALL = "ball", "tracknet", "csv"
    YOLO = "yolo"
    COCO = "coco"

    @property
    def of_rallies(self) -> bool:
        """Whether it keeps frames in their order; single images otherwise."""
        return self in (Target.ANNOTATION, Target.BALL)


@dataclass(slots=True)
class Conversion:
    """What was written.

    Attributes:
        folder: where.
        target: the layout.
        total: pictures that will be dealt with.
        progress: called with (pictures done, all).
        rallies: by split, how many; empty for single images.
        images: by split, how many, of single images.
        frames: pictures that were written.
        skipped: frames of which the target could not have said that nobody looked at them.
        lost: by kind, labels for which the target has no words.
    """

    folder: Path
    target: Target
    total: int = 0
    progress: Progress | None = None
    rallies: dict[str, int] = field(default_factory=dict)
    images: dict[str, int] = field(default_factory=dict)
    frames: int = 0
    skipped: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    _done: int = 0

    def tell(self) -> None:
        """Say that one more picture is dealt with."""
        self._done += 1
        if self.progress is not None:
            self.progress(self._done, self.total)

    def lines(self) -> list[str]:
        """Return what people read."""
        splits = [f"{count(number, 'rally', 'rallies')} {split}" for split, number in self.rallies.items()]
        splits += [f"{count(number, 'image')} {split}" for split, number in self.images.items()]
        frames = f", {count(self.frames, 'frame')}" if self.rallies else ""
        skipped = f"; {self.skipped:,} without labels of players left out" if self.skipped else ""
        lost = [f"lost: {number:,} x {kind}" for kind, number in self.lost.items() if number]
        return [f"{self.folder}/  {self.target}: {', '.join(splits)}{frames}{skipped}", *lost]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return {
            "folder": str(self.folder),
            "to": str(self.target),
            "rallies": self.rallies,
            "images": self.images,
            "frames": self.frames,
            "skipped": self.skipped,
            "lost": {kind: number for kind, number in self.lost.items() if number},
        }
