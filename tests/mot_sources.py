"""MOTChallenge folders with frames in which squares move, as `bright_session` sees them, and their detections."""

from __future__ import annotations

from pathlib import Path

import cv2
from bright_session import frame_with

FRAMES = 12


def boxes_at(index: int) -> list[tuple[int, int, int, int]]:
    """Two squares that drift to the right."""
    return [(6 + index, 20, 26 + index, 50), (74 + index, 30, 104 + index, 60)]


def write_sequence(folder: Path, *, images: bool = True, ini: bool = True, fps: int = 10, first: int = 1) -> Path:
    """Write a sequence; its detections count frames from `first`."""
    (folder / "det").mkdir(parents=True)
    rows = [
        f"{index + first},-1,{x1},{y1},{x2 - x1},{y2 - y1},0.9"
        for index in range(FRAMES)
        for x1, y1, x2, y2 in boxes_at(index)
    ]
    (folder / "det" / "det.txt").write_text("\n".join(rows) + "\n")
    if ini:
        (folder / "seqinfo.ini").write_text(
            f"[Sequence]\nname={folder.name}\nimDir=img1\nframeRate={fps}\nseqLength={FRAMES}\n"
            "imWidth=128\nimHeight=96\nimExt=.png\n"
        )
    if images:
        (folder / "img1").mkdir()
        for index in range(FRAMES):
            cv2.imwrite(str(folder / "img1" / f"{index + 1:06d}.png"), frame_with(*boxes_at(index)))
    return folder
