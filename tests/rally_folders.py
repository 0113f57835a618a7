"""Small rallies on disk: flat pictures whose grey level says their number, and labels of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from clips import number_of, numbered_frame, write_clip

HEIGHT, WIDTH = 48, 64


def player(x: float = 30, y: float = 20, w: float = 10, h: float = 20, points: Iterable[Any] = ()) -> dict[str, Any]:
    """A player of centre, sides and keypoints (x, y) or (x, y, v)."""
    keypoints = [dict(zip(("X", "Y", "V"), point, strict=False)) for point in points]
    return {"Bounding Box": {"X": x, "Y": y, "Width": w, "Height": h}, "Keypoints": keypoints}


def entry(frame: Any, balls: Iterable[Any] = (), players: Iterable[Any] = ()) -> dict[str, Any]:
    """One frame of an annotation.json."""
    return {"Frame": frame, "Balls": [{"X": x, "Y": y} for x, y in balls], "Players": list(players)}


def write_annotated(
    folder: Path, entries: Any, frames: Iterable[int] = range(5), *, video: bool = False, suffix: str = ".png"
) -> Path:
    """Write a rally's folder; its pictures are `numbered_frame`s, images or a video of as many frames."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "annotation.json").write_text(json.dumps(entries))
    if video:
        write_clip(folder / "video.mp4", len(list(frames)))
        return folder
    (folder / "frame").mkdir(exist_ok=True)
    for number in frames:
        cv2.imwrite(str(folder / "frame" / f"rally_{number:05d}{suffix}"), numbered_frame(number))
    return folder


def numbers_in(rally: Any) -> list[int]:
    """The numbers of a rally's pictures, as they are read."""
    return [number_of(np.asarray(rally.pictures.read(index))) for index in range(len(rally))]
