"""The confusion matrix as a picture, and its counts as CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from numa_benchmarks.metrics.confusion import ConfusionMatrix
from numa_benchmarks.plots.chart import INK, PAPER, Picture, fitted, save_picture, text_width, write
from numa_runtime.files import atomic_path

WRITTEN = 30
"""Most rows whose cells hold numbers; more are colours only, and the CSV has the numbers."""

_NAMES, _MARGIN, _ROOM = 140, 46, 760
_DEEP = np.array([107, 48, 8], np.float64)
"""BGR of a cell that is all of its column."""


def save_confusion(matrix: ConfusionMatrix, folder: Path) -> list[Path]:
    """Write confusion_matrix.png, confusion_matrix_normalized.png and confusion_matrix.csv, and return their paths.

    Raises:
        SinkError: they cannot be written.
    """
    files = [
        save_picture(draw_confusion(matrix, normalize=normalize), folder / f"confusion_matrix{ending}.png")
        for normalize, ending in ((False, ""), (True, "_normalized"))
    ]
    table = folder / "confusion_matrix.csv"
    with atomic_path(table) as part:
        part.write_text(matrix.to_csv(), encoding="utf-8")
    return [*files, table]


def draw_confusion(matrix: ConfusionMatrix, *, normalize: bool) -> Picture:
    """Return the matrix as a picture, uint8 (h, w, 3) BGR; a cell is as dark as its share of its column."""
    count = len(matrix.labels)
    side = max(8, min(64, _ROOM // count))
    left, top = _MARGIN + _NAMES, 56
    across, down = max(left + count * side + 24, 460), top + count * side + _NAMES + 30
    picture = np.full((down, across, 3), PAPER, np.uint8)
    said = "share of each labelled class" if normalize else "boxes"
    write(picture, f"Confusion: {said}, score >= {matrix.conf:g}, IoU >= {matrix.iou:g}", (10, 24), size=0.5)
    shares = matrix.shares
    for row in range(count):
        for column in range(count):
            x, y = left + column * side, top + row * side
            cell = PAPER - shares[row, column] * (PAPER - _DEEP)
            picture[y + 1 : y + side, x + 1 : x + side] = cell.round().astype(np.uint8)
            value = matrix.matrix[row, column]
            if value and count <= WRITTEN:
                text = f"{shares[row, column]:.2f}" if normalize else f"{value}"
                size = 0.42 if text_width(text) < side - 4 else 0.3
                light = (PAPER,) * 3 if shares[row, column] > 0.5 else INK
                write(picture, text, (x + side // 2, y + side // 2 + 4), middle=True, size=size, color=light)
    _name(picture, matrix, (left, top, side))
    return picture


def _name(picture: Picture, matrix: ConfusionMatrix, place: tuple[int, int, int]) -> None:
    """Write the classes beside rows and below columns; of many, as many as there is room for."""
    left, top, side = place
    count = len(matrix.labels)
    bottom = top + count * side
    shown = range(0, count, max(1, -(-13 // side)))
    beneath = np.full((count * side, _NAMES, 3), PAPER, np.uint8)
    for number in shown:
        name = fitted(matrix.labels[number], _NAMES - 8, 0.4)
        middle = number * side + side // 2 + 4
        write(picture, name, (left - 6 - text_width(name, 0.4), top + middle), size=0.4)
        write(beneath, name, (_NAMES - 4 - text_width(name, 0.4), middle), size=0.4)
    picture[bottom : bottom + _NAMES, left : left + count * side] = np.rot90(beneath)
    write(picture, "labelled", (left + count * side // 2, bottom + _NAMES + 18), middle=True, size=0.45)
    upright = np.full((20, count * side, 3), PAPER, np.uint8)
    write(upright, "found", (count * side // 2, 14), middle=True, size=0.45)
    picture[top:bottom, 8:28] = np.rot90(upright)
