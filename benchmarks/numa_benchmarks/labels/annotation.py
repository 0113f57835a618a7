"""annotation.json: balls and players of each frame, as the multitask network's data has them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from numa_benchmarks.labels.errors import DataError, read_text
from numa_benchmarks.labels.rally_records import FrameLabels


@dataclass(slots=True)
class Annotation:
    """What an annotation.json says.

    Attributes:
        frames: labels by frame number.
        keypoints: K, 0 where no player has any.
        left_out: what was not taken over, by reason, counted.
    """

    frames: dict[int, FrameLabels]
    keypoints: int
    left_out: Counter[str] = field(default_factory=Counter)


def read_annotation(path: Path, *, shape: tuple[int, int], top_left: bool = False, step: int = 1) -> Annotation:
    """Read an annotation.json: a list of `{"Frame": 0, "Balls": [{"X": .., "Y": ..}], "Players": [...]}`.

    A player is `{"Bounding Box": {"X", "Y", "Width", "Height"}, "Keypoints": [{"X", "Y", "V"}]}`; V may be missing.
    (0, 0) means that a ball or a keypoint is not there. Boxes are cut at the frame's edges; balls outside the frame and
    boxes without an area inside it are left out and counted.

    Args:
        path: the file.
        shape: (height, width) of the frames, whose pixels the numbers are in.
        top_left: a box's X, Y is its corner; its centre otherwise.
        step: only frames whose number is a multiple of it are read.

    Raises:
        DataError: not such a file, a value that is no number, a frame that comes twice, or players with different
            numbers of keypoints; the frame is named.
    """
    try:
        said = json.loads(read_text(path, "a rally's labels"))
    except json.JSONDecodeError as error:
        raise DataError(f"{path}:{error.lineno}: this is not JSON: {error.msg}") from error
    if not isinstance(said, list) or not all(isinstance(entry, dict) and "Frame" in entry for entry in said):
        raise DataError(
            f"{path} is no list of frames",
            hint='it begins like [{"Frame": 0, "Balls": [{"X": 5, "Y": 7}], "Players": []}, ...]',
        )
    reader = _Reader(path, shape, top_left)
    for entry in said:
        reader.take(entry, step)
    return Annotation(reader.frames, reader.keypoints or 0, reader.left_out)


class _Reader:
    def __init__(self, path: Path, shape: tuple[int, int], top_left: bool) -> None:
        self.path, self.top_left = path, top_left
        self.height, self.width = shape
        self.frames: dict[int, FrameLabels] = {}
        self.keypoints: int | None = None
        self.left_out: Counter[str] = Counter()

    def take(self, entry: Mapping[str, Any], step: int) -> None:
        number = entry["Frame"]
        if not isinstance(number, int) or number < 0:
            raise DataError(f"{self.path}: a frame's number is {number!r}", hint="frames count from 0")
        if number in self.frames:
            raise DataError(f"{self.path}: frame {number} comes twice")
        if number % step:
            return
        where = f"{self.path}: frame {number}"
        balls = [point for ball in entry.get("Balls") or () if (point := self._ball(ball, where)) is not None]
        boxes, points = [], []
        for player in entry.get("Players") or ():
            box = self._box(player, where)
            keypoints = self._keypoints(player, where)
            if box is not None:
                boxes.append(box)
                points.append(keypoints)
        shaped = np.array(points, np.float32).reshape(len(boxes), self.keypoints or 0, 3)
        self.frames[number] = FrameLabels.of(balls, boxes, shaped)

    def _ball(self, ball: Mapping[str, Any], where: str) -> tuple[float, float] | None:
        x, y = self._numbers(ball, ("X", "Y"), where)
        if (x, y) == (0.0, 0.0):
            return None
        if not (0 <= x < self.width and 0 <= y < self.height):
            self.left_out["ball outside the frame"] += 1
            return None
        return x, y

    def _box(self, player: Mapping[str, Any], where: str) -> tuple[float, float, float, float] | None:
        box = player.get("Bounding Box")
        if not isinstance(box, dict):
            raise DataError(f"{where}: a player has no Bounding Box")
        x, y, w, h = self._numbers(box, ("X", "Y", "Width", "Height"), where)
        x1, y1 = (x, y) if self.top_left else (x - w / 2, y - h / 2)
        cut = (max(x1, 0.0), max(y1, 0.0), min(x1 + w, float(self.width)), min(y1 + h, float(self.height)))
        if cut[2] - cut[0] < 1 or cut[3] - cut[1] < 1:
            self.left_out["player without an area in the frame"] += 1
            return None
        return cut

    def _keypoints(self, player: Mapping[str, Any], where: str) -> list[tuple[float, float, float]]:
        points = player.get("Keypoints") or []
        if self.keypoints is None:
            self.keypoints = len(points)
        if len(points) != self.keypoints:
            raise DataError(f"{where}: a player has {len(points)} keypoints, others have {self.keypoints}")
        found = []
        for point in points:
            x, y = self._numbers(point, ("X", "Y"), where)
            seen = float(point.get("V", 2)) if (x, y) != (0.0, 0.0) else 0.0
            inside = 0 <= x < self.width and 0 <= y < self.height
            if seen and not inside:
                self.left_out["keypoint outside the frame"] += 1
            found.append((x, y, seen) if seen and inside else (0.0, 0.0, 0.0))
        return found

    def _numbers(self, said: Any, names: tuple[str, ...], where: str) -> tuple[float, ...]:
        values: tuple[Any, ...] = tuple(said.get(name) if isinstance(said, dict) else None for name in names)
        if not all(isinstance(value, int | float) and isfinite(value) for value in values):
            raise DataError(f"{where}: {', '.join(names)} must be numbers; they are {values!r}")
        return tuple(map(float, values))
