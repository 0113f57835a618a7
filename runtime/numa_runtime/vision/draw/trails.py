"""Where balls were: the short history that makes a trail."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from numa_runtime.results import Results

UNTRACKED = -1


@dataclass(frozen=True, slots=True)
class Spot:
    """A ball's position in pixels at one frame."""

    frame: int
    x: float
    y: float


class Trails:
    """Positions of the last `length` frames, per ball id; until one has an id, of the best ball of each frame.

    A new path, or a frame index that goes back, begins a new history.
    """

    def __init__(self, length: int = 25) -> None:
        self._length = length
        self._spots: dict[int, deque[Spot]] = {}
        self._tracked = False
        self._path = ""
        self._frame = -1

    def update(self, result: Results) -> None:
        """Add the balls of one frame and forget what is too old."""
        if result.path != self._path or result.frame_index <= self._frame:
            self._spots.clear()
            self._tracked = False
        self._path, self._frame = result.path, result.frame_index
        balls = result.ball_records
        self._tracked = self._tracked or bool((balls.id > UNTRACKED).any())
        seen: set[int] = {UNTRACKED} if self._tracked else set()
        for at in (-balls.conf).argsort(kind="stable").tolist():
            key = int(balls.id[at])
            if key not in seen:
                seen.add(key)
                spot = Spot(result.frame_index, float(balls.xy[at, 0]), float(balls.xy[at, 1]))
                self._spots.setdefault(key, deque()).append(spot)
        self._forget(result.frame_index - self._length)

    def _forget(self, last: int) -> None:
        for key in list(self._spots):
            spots = self._spots[key]
            while spots and spots[0].frame <= last:
                spots.popleft()
            if not spots:
                del self._spots[key]

    @property
    def paths(self) -> list[list[Spot]]:
        """Every trail, oldest spot first."""
        return [list(spots) for spots in self._spots.values()]

    def age(self, spot: Spot) -> float:
        """Return 0 for the newest frame up to 1 for what is about to be forgotten."""
        return (self._frame - spot.frame) / self._length
