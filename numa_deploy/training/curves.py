"""results.png: every column of results.csv over the epochs, drawn with OpenCV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_runtime.files import atomic_path

FIGURES = ("fitness", "ball_f1", "ball_precision", "ball_recall", "box_map50", "box_map50_95", "keypoint_map50",
           "keypoint_map50_95", "lr")  # fmt: skip
"""What is drawn next to the losses, where it is there."""

_WIDTH, _HEIGHT, _ACROSS, _EDGE = 300, 190, 4, 28
_INK, _LINE, _FRAME = (60, 60, 60), (180, 90, 20), (210, 210, 210)


def save_curves(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    """Write one small chart a column; nothing without rows.

    Args:
        rows: as results.csv has them.
        path: a .png.

    Raises:
        SinkError: it cannot be written.
    """
    losses = [name for name in dict.fromkeys(name for row in rows for name in row) if name.startswith("train_")]
    charts = [_chart(name, found) for name in (*losses, *FIGURES) if (found := _points(rows, name))]
    if not charts:
        return
    charts += [np.full_like(charts[0], 255)] * (-len(charts) % _ACROSS)
    lines = [np.concatenate(charts[at : at + _ACROSS], axis=1) for at in range(0, len(charts), _ACROSS)]
    with atomic_path(path) as part:
        part.write_bytes(cv2.imencode(".png", np.concatenate(lines))[1].tobytes())


def _points(rows: Sequence[Mapping[str, str]], name: str) -> list[tuple[float, float]]:
    found = [(float(row["epoch"]), float(row[name])) for row in rows if row.get(name)]
    return [(epoch, value) for epoch, value in found if isfinite(value)]


def _chart(name: str, points: Sequence[tuple[float, float]]) -> NDArray[np.uint8]:
    picture = np.full((_HEIGHT, _WIDTH, 3), 255, np.uint8)
    xs, ys = np.array(points).T
    low, high = float(ys.min()), float(ys.max())
    cv2.rectangle(picture, (_EDGE, _EDGE), (_WIDTH - 8, _HEIGHT - 20), _FRAME, 1)
    across = (xs - xs.min()) / max(float(np.ptp(xs)), 1.0)
    up = (ys - low) / (high - low) if high > low else np.full_like(ys, 0.5)
    places = np.stack([_EDGE + across * (_WIDTH - 8 - _EDGE), _HEIGHT - 20 - up * (_HEIGHT - 20 - _EDGE)], 1)
    cv2.polylines(picture, [places.round().astype(np.int32)], False, _LINE, 1, cv2.LINE_AA)
    for x, y in places.round().astype(int).tolist():
        cv2.circle(picture, (x, y), 2, _LINE, -1)
    said = (
        (f"{name}  last {ys[-1]:.4g}", (8, 16)),
        (f"{high:.3g}", (2, _EDGE + 10)),
        (f"{low:.3g}", (2, _HEIGHT - 22)),
        (f"epoch {xs.max():g}", (_WIDTH - 80, _HEIGHT - 6)),
    )
    for text, place in said:
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_PLAIN, 0.8, _INK, 1, cv2.LINE_AA)
    return picture
