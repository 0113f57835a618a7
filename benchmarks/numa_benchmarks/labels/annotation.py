"""annotation.json: balls and players of each frame, as the multitask network's data has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from numa_benchmarks.labels.errors import DataError, read_text
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.rally_records import FrameLabels

_FRAME = re.compile(r'"Frame"\s*:\s*(\d+)')


@dataclass(slots=True)
class Annotation:
    """What an annotation.json says.

    Attributes:
        frames: labels by frame number.
        keypoints: K, 0 where no player has any.
        left_out: what was not taken over.
        lines: where each frame begins in the file.
    """

    frames: dict[int, FrameLabels]
    keypoints: int
    left_out: LeftOut = field(default_factory=LeftOut)
    lines: dict[int, int] = field(default_factory=dict)


def read_annotation(path: Path, *, shape: tuple[int, int], top_left: bool = False, step: int = 1) -> Annotation:
    """Read an annotation.json: a list of `{"Frame": 0, "Balls": [{"X": .., "Y": ..}], "Players": [...]}`.

    A player is `{"Bounding Box": {"X", "Y", "Width", "Height"}, "Keypoints": [{"X", "Y", "V"}]}`; V may be missing.
    (0, 0) means that a ball or a keypoint is not there. Boxes are cut at the frame's edges; balls outside the frame and
    boxes without an area inside it are left out and counted. Where no frame has Players, nobody looked for them.

    Args:
        path: the file.
        shape: (height, width) of the frames, whose pixels the numbers are in.
        top_left: a box's X, Y is its corner; its centre otherwise.
        step: only frames whose number is a multiple of it are read.

    Raises:
        DataError: not such a file, a value that is no number, a frame that comes twice, or players with different
            numbers of keypoints; the frame is named.
    """
    text = read_text(path, "a rally's labels")
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"{path}:{error.lineno}: this is not JSON: {error.msg}") from error
    if not isinstance(said, list) or not all(isinstance(entry, dict) and "Frame" in entry for entry in said):
        raise DataError(
            f"{path} is no list of frames",
            hint='it begins like [{"Frame": 0, "Balls": [{"X": 5, "Y": 7}], "Players": []}, ...]',
        )
    reader = _Reader(path, shape, top_left, _lines(text))
    for entry in said:
        reader.take(entry, step)
    keypoints = reader.keypoints or 0
    nobody = np.zeros((0, keypoints, 3), np.float32)  # frames without players came before it was known how many
    looked = any("Players" in entry for entry in said)
    frames = {
        number: one if len(one.boxes) else replace(one, keypoints=nobody, players_labelled=looked)
        for number, one in reader.frames.items()
    }
    return Annotation(frames, keypoints, reader.left_out, reader.lines)


def _lines(text: str) -> dict[int, int]:
    """Return the line on which each frame's number stands."""
    lines: dict[int, int] = {}
    line = at = 0
    for found in _FRAME.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        lines[int(found[1])] = line + 1
    return lines


class _Reader:
    def __init__(self, path: Path, shape: tuple[int, int], top_left: bool, lines: dict[int, int]) -> None:
        self.path, self.top_left, self.lines = path, top_left, lines
        self.height, self.width = shape
        self.frames: dict[int, FrameLabels] = {}
        self.keypoints: int | None = None
        self.left_out = LeftOut()

    def take(self, entry: Mapping[str, Any], step: int) -> None:
        number = _frame_number(entry["Frame"], self.path)
        where = (
            f"{self.path}:{self.lines[number]}: frame {number}"
            if number in self.lines
            else f"{self.path}: frame {number}"
        )
        if number in self.frames:
            raise DataError(f"{where} comes twice")
        if number % step:
            return
        balls = [point for ball in _list(entry, "Balls", where) if (point := self._ball(ball, where)) is not None]
        boxes, points = [], []
        for player in _list(entry, "Players", where):
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
            self.left_out.add("ball outside the frame", where)
            return None
        return x, y

    def _box(self, player: Mapping[str, Any], where: str) -> tuple[float, float, float, float] | None:
        box = player.get("Bounding Box") if isinstance(player, dict) else None
        if not isinstance(box, dict):
            raise DataError(f"{where}: a player has no Bounding Box")
        x, y, w, h = self._numbers(box, ("X", "Y", "Width", "Height"), where)
        x1, y1 = (x, y) if self.top_left else (x - w / 2, y - h / 2)
        cut = (max(x1, 0.0), max(y1, 0.0), min(x1 + w, float(self.width)), min(y1 + h, float(self.height)))
        if cut[2] - cut[0] < 1 or cut[3] - cut[1] < 1:
            self.left_out.add("player without an area in the frame", where)
            return None
        return cut

    def _keypoints(self, player: Mapping[str, Any], where: str) -> list[tuple[float, float, float]]:
        points = _list(player, "Keypoints", where)
        if self.keypoints is None:
            self.keypoints = len(points)
        if len(points) != self.keypoints:
            raise DataError(f"{where}: a player has {len(points)} keypoints, others have {self.keypoints}")
        found = []
        for point in points:
            x, y = self._numbers(point, ("X", "Y"), where)
            seen = _visibility(point, where) if (x, y) != (0.0, 0.0) else 0.0
            inside = 0 <= x < self.width and 0 <= y < self.height
            if seen and not inside:
                self.left_out.add("keypoint outside the frame", where)
            found.append((x, y, seen) if seen and inside else (0.0, 0.0, 0.0))
        return found

    def _numbers(self, said: Any, names: tuple[str, ...], where: str) -> tuple[float, ...]:
        values: tuple[Any, ...] = tuple(said.get(name) if isinstance(said, dict) else None for name in names)
        if not all(_is_number(value) for value in values):
            raise DataError(f"{where}: {', '.join(names)} must be numbers; they are {values!r}")
        return tuple(map(float, values))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _frame_number(said: Any, path: Path) -> int:
    if not _is_number(said) or said < 0 or said != int(said):
        raise DataError(f"{path}: a frame's number is {said!r}", hint="frames count from 0")
    return int(said)


def _list(said: Mapping[str, Any], word: str, where: str) -> Sequence[Any]:
    """Return a list that may be missing or null."""
    found = said.get(word)
    if found is not None and not isinstance(found, list):
        raise DataError(f"{where}: {word} must be a list; it is {found!r}")
    return found or ()


def _visibility(point: Mapping[str, Any], where: str) -> float:
    """Return 0, 1 or 2; a keypoint that does not say is seen."""
    said = point.get("V", 2)
    if said not in (0, 1, 2):
        raise DataError(f"{where}: V must be 0 (missing), 1 (hidden) or 2 (seen); it is {said!r}")
    return float(said)
