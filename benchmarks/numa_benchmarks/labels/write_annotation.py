"""Write what is labelled in a rally: annotation.json, MOT ground truth, ball CSV; the readers' other half."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from numa_benchmarks.labels.rally_records import FrameLabels

STEP = 0.01
"""Pixels that labels are rounded to; also what a point moves that would read as (0, 0), "not there"."""


def annotation_text(labels: Sequence[FrameLabels], shape: tuple[int, int]) -> str:
    """Return the annotation.json of a rally: a frame a line; what nobody looked at is left out.

    Args:
        labels: of each frame, in order; they are numbered from 0.
        shape: (height, width) of the frames; what rounding would put outside stays inside.
    """
    lines = [
        json.dumps(_entry(number, one, shape), separators=(", ", ": "), allow_nan=False)
        for number, one in enumerate(labels)
        if one.labelled
    ]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _entry(number: int, labels: FrameLabels, shape: tuple[int, int]) -> dict[str, Any]:
    balls = [dict(zip("XY", _point(x, y, shape), strict=True)) for x, y in labels.balls.tolist()]
    players = []
    for box, points in zip(labels.boxes.tolist(), labels.keypoints.tolist(), strict=True):
        x1, y1, x2, y2 = box
        sides = {"X": (x1 + x2) / 2, "Y": (y1 + y2) / 2, "Width": x2 - x1, "Height": y2 - y1}
        player: dict[str, Any] = {"Bounding Box": {word: round(value, 2) for word, value in sides.items()}}
        if points:
            player["Keypoints"] = [_keypoint(x, y, int(v), shape) for x, y, v in points]
        players.append(player)
    return {"Frame": number, "Balls": balls, **({"Players": players} if labels.players_labelled else {})}


def _keypoint(x: float, y: float, visible: int, shape: tuple[int, int]) -> dict[str, float]:
    if not visible:
        return {"X": 0, "Y": 0, "V": 0}
    left, top = _point(x, y, shape)
    return {"X": left, "Y": top, "V": visible}


def _point(x: float, y: float, shape: tuple[int, int]) -> tuple[float, float]:
    """Return a point rounded, inside the frame, and not (0, 0)."""
    height, width = shape
    left, top = round(min(x, width - STEP), 2), round(min(y, height - STEP), 2)
    return (left, top) if (left, top) != (0.0, 0.0) else (STEP, STEP)


def mot_rows(number: int, ids: Iterable[int], labels: FrameLabels) -> Iterator[str]:
    """Yield a frame's rows of a gt.txt: frame and ids from 1, every box to be scored, class 1, all of it visible."""
    for identity, (x1, y1, x2, y2) in zip(ids, labels.boxes.tolist(), strict=True):
        yield f"{number + 1},{identity + 1},{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f},1,1,1"


def seqinfo_text(name: str, frames: int, fps: float, shape: tuple[int, int]) -> str:
    """Return a sequence's seqinfo.ini."""
    height, width = shape
    lines = (
        f"name={name}",
        "imDir=img1",
        f"frameRate={fps:g}",
        f"seqLength={frames}",
        f"imWidth={width}",
        f"imHeight={height}",
        "imExt=.jpg",
    )
    return "\n".join(("[Sequence]", *lines, ""))


def ball_text(labels: Sequence[FrameLabels], shape: tuple[int, int]) -> str:
    """Return a ball CSV: the first ball of each labelled frame, pixels."""
    rows = ["Frame,Visibility,X,Y"]
    for number, one in enumerate(labels):
        if one.labelled and len(one.balls):
            left, top = one.balls[0].tolist()
            x, y = _point(left, top, shape)
            rows.append(f"{number},1,{x:.2f},{y:.2f}")
        elif one.labelled:
            rows.append(f"{number},0,0,0")
    return "\n".join((*rows, ""))
