"""The first batch as the network sees it: each clip a strip of frames, balls in each, players in the newest."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_deploy.training.data.batch import Batch
from numa_runtime.files import atomic_path

MOST_CLIPS = 8
SHOWN_FRAMES = 5
"""Frames of a strip, the newest last; older ones are left out evenly."""

_BALL, _NEXT, _BOX, _POINT = (0, 255, 255), (0, 128, 255), (80, 220, 80), (255, 120, 60)


def save_batch(batch: Batch, frames: int, path: Path) -> None:
    """Write clips as strips with their labels.

    Args:
        batch: on the CPU.
        frames: T of a clip.
        path: a .jpg.

    Raises:
        SinkError: it cannot be written.
    """
    rows = [_strip(batch, row, frames) for row in range(min(len(batch.names), MOST_CLIPS))]
    with atomic_path(path) as part:
        part.write_bytes(cv2.imencode(".jpg", np.concatenate(rows))[1].tobytes())


def _strip(batch: Batch, row: int, frames: int) -> NDArray[np.uint8]:
    planes = batch.images[row].numpy()
    clip = planes.reshape(frames, -1, *planes.shape[-2:])
    shown = np.unique(np.linspace(0, frames - 1, min(frames, SHOWN_FRAMES)).round().astype(int)).tolist()
    tiles = [_frame(batch, row, frame, clip[frame], newest=frame == frames - 1) for frame in shown]
    strip = np.concatenate(tiles, axis=1)
    cv2.putText(strip, batch.names[row], (3, 11), cv2.FONT_HERSHEY_PLAIN, 0.8, (255, 255, 255), 1, cv2.LINE_AA)
    return strip


def _frame(batch: Batch, row: int, frame: int, picture: NDArray[np.uint8], *, newest: bool) -> NDArray[np.uint8]:
    # Three channels are drawn as they come: a colour network's RGB looks blue, and it is the labels that matter here.
    canvas = np.ascontiguousarray(np.broadcast_to(picture, (3, *picture.shape[1:])).transpose(1, 2, 0))
    boxes, balls = batch.targets.boxes, batch.targets.balls
    if newest and boxes is not None:
        for place in boxes.valid[row].nonzero()[:, 0].tolist():
            x1, y1, x2, y2 = boxes.boxes[row, place].round().int().tolist()
            cv2.rectangle(canvas, (x1, y1), (x2, y2), _BOX, 1)
            for x, y, seen in boxes.keypoints[row, place].tolist():
                if seen:
                    cv2.circle(canvas, (int(x), int(y)), 1, _POINT, -1)
    if balls is not None:
        for place in balls.valid[row, frame].nonzero()[:, 0].tolist():
            x, y, next_x, next_y = (int(value) for value in balls.points[row, frame, place].tolist())
            cv2.circle(canvas, (x, y), 4, _BALL, 1)
            if balls.next_known[row, frame, place]:
                cv2.line(canvas, (x, y), (next_x, next_y), _NEXT, 1)
    return canvas
