"""Labelled drawings for the benchmark's tests, and command lines of workers for them."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
from bright_session import frame_with

BACKEND = Path(__file__).with_name("benchmark_backend.py")
BOXES = ((10, 10, 40, 60), (20, 30, 50, 70), (80, 20, 120, 60))


def drawn_data(folder: Path) -> Path:
    """Write three pictures with one labelled white rectangle each; return their data.yaml."""
    for part in ("images/val", "labels/val"):
        (folder / part).mkdir(parents=True)
    for number, (x1, y1, x2, y2) in enumerate(BOXES):
        cv2.imwrite(str(folder / f"images/val/{number}.png"), frame_with((x1, y1, x2, y2)))
        row = ((x1 + x2) / 256, (y1 + y2) / 192, (x2 - x1) / 128, (y2 - y1) / 96)
        label = 0 if x1 < 64 else 1
        (folder / f"labels/val/{number}.txt").write_text(f"{label} " + " ".join(f"{v:.6f}" for v in row) + "\n")
    (folder / "data.yaml").write_text("path: .\nval: images/val\nnames: [left, right]\n")
    return folder / "data.yaml"


def backend(how: str, data: Path) -> tuple[str, ...]:
    """Return the command line of a worker that behaves as `how` says (`benchmark_backend`)."""
    return (sys.executable, str(BACKEND), how, str(data))
