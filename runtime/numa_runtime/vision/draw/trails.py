"""What the pictures of one video remember: where balls and boxes were, and which colour each object has."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from numa_runtime.results import Results
from numa_runtime.vision.draw.colors import Colors

UNTRACKED = -1


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in pixels at one frame."""

    frame: int
    x: float
    y: float


class History:
    """Positions of the last `length` frames, per id."""

    def __init__(self, length: int) -> None:
        self.length = length
        self._spots: dict[int, deque[Spot]] = {}

    def add(self, frame: int, spots: Iterable[tuple[int, float, float]]) -> None:
        """Add (id, x, y) of one frame, the first of each id, and forget what is too old."""
        seen: set[int] = set()
        for key, x, y in spots:
            if key not in seen:
                seen.add(key)
                self._spots.setdefault(key, deque()).append(Spot(frame, x, y))
        for key in list(self._spots):
            past = self._spots[key]
            while past and past[0].frame <= frame - self.length:
                past.popleft()
            if not past:
                del self._spots[key]

    def paths(self) -> list[tuple[int, list[Spot]]]:
        """Return every id with its spots, oldest first."""
        return [(key, list(spots)) for key, spots in self._spots.items()]

    def clear(self) -> None:
        """Forget all."""
        self._spots.clear()


class Trails:
    """Where balls and tracked boxes were; until a ball has an id, where the best ball of each frame was.

    A new path, or a frame index that goes back, begins a new history.

    Args:
        length: frames of a ball's trail.
        boxes: frames of a box's; 0: boxes have none.
    """

    def __init__(self, length: int = 25, boxes: int = 0) -> None:
        self.balls, self.boxes, self.colors = History(length), History(boxes), Colors()
        self._tracked = False
        self._path = ""
        self._frame = -1

    def update(self, result: Results) -> None:
        """Add the balls and boxes of one frame and forget what is too old."""
        frame = result.frame_index
        if result.path != self._path or frame <= self._frame:
            self.balls.clear()
            self.boxes.clear()
            self.colors = Colors()
            self._tracked = False
        self._path, self._frame = result.path, frame
        balls = result.ball_records
        self._tracked = self._tracked or bool((balls.id > UNTRACKED).any())
        order = (-balls.conf).argsort(kind="stable").tolist()
        known = [at for at in order if not self._tracked or balls.id[at] > UNTRACKED]
        self.balls.add(frame, ((int(balls.id[at]), *balls.xy[at].tolist()) for at in known))
        if self.boxes.length:
            found = result.detections
            rows = zip(found.id.tolist(), found.xyxy.tolist(), strict=True)
            # Where an object stands tells its way; its middle jumps with every half-hidden box.
            self.boxes.add(frame, ((one, (x1 + x2) / 2, y2) for one, (x1, _, x2, y2) in rows if one > UNTRACKED))

    def age(self, spot: Spot, history: History) -> float:
        """Return 0 for the newest frame up to 1 for what is about to be forgotten."""
        return (self._frame - spot.frame) / history.length
