"""What is labelled in one frame of a rally, and a rally as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class FrameLabels:
    """Balls and players of one frame, in pixels of the frame.

    Attributes:
        balls: float32 (n, 2) x, y; n = 0: no ball is in view.
        boxes: float32 (m, 4) x1, y1, x2, y2 of the players.
        keypoints: float32 (m, K, 3) x, y, visibility 0 (not labelled), 1 (hidden), 2 (seen).
        labelled: False for a frame that nobody looked at: it is neither right nor wrong to find something there.
        players_labelled: False where only balls were labelled.
    """

    balls: NDArray[np.float32]
    boxes: NDArray[np.float32]
    keypoints: NDArray[np.float32]
    labelled: bool = True
    players_labelled: bool = True

    @classmethod
    def of(cls, balls: ArrayLike = (), boxes: ArrayLike = (), keypoints: ArrayLike | None = None) -> FrameLabels:
        """Make a record from anything array-like."""
        found = np.asarray(boxes, np.float32).reshape(-1, 4)
        points = np.zeros((len(found), 0, 3), np.float32) if keypoints is None else np.asarray(keypoints, np.float32)
        return cls(np.asarray(balls, np.float32).reshape(-1, 2), found, points)

    @classmethod
    def unknown(cls, keypoints: int = 0) -> FrameLabels:
        """Return the record of a frame without labels."""
        empty = np.zeros((0, keypoints, 3), np.float32)
        return cls(
            np.zeros((0, 2), np.float32), np.zeros((0, 4), np.float32), empty, labelled=False, players_labelled=False
        )


class Pictures(Protocol):
    """The frames of a rally, whatever files they are in."""

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        ...

    def __len__(self) -> int: ...

    def read(self, index: int) -> NDArray[np.uint8]:
        """Return frame `index`, uint8 (height, width, 3) BGR.

        Raises:
            SourceError: it is missing or cannot be decoded.
        """
        ...

    def where(self, index: int) -> str:
        """Return what messages call frame `index`: its file, or the video and the number in it."""
        ...


@dataclass(frozen=True, slots=True)
class Rally:
    """One sequence of frames and what is labelled in each.

    Attributes:
        name: unique within its data set.
        path: the file its labels come from.
        pictures: reads the frames.
        labels: one record a frame, in order.
        fps: frames per second, where that is known.
        numbers: what the label file calls each frame.
        lines: of the label file, by those numbers, as far as that is known.
    """

    name: str
    path: Path
    pictures: Pictures
    labels: Sequence[FrameLabels]
    fps: float | None = None
    numbers: Sequence[int] = field(default=(), repr=False)
    lines: Mapping[int, int] = field(default_factory=dict, repr=False)

    def where(self, index: int) -> str:
        """Return where the labels of frame `index` are, as editors jump to it: file, line, number and picture."""
        if not self.numbers:
            return self.pictures.where(index)
        number = self.numbers[index]
        line = f":{self.lines[number]}" if number in self.lines else ""
        picture = self.pictures.where(index).rsplit("/", 1)[-1]
        return f"{self.path}{line}: frame {number} ({picture})"

    def __len__(self) -> int:
        return len(self.labels)
