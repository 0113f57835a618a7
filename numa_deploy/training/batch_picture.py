"""Training batches as the network sees them: clips as strips with balls in each frame, images as tiles, with labels."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_deploy.training.data.batch import Batch
from numa_deploy.training.data.loader import Order, Samples
from numa_runtime.contract import Color, InputSpec
from numa_runtime.files import atomic_path
from numa_runtime.sinks.images import encode_image

BATCHES = 3
"""Batches that are drawn, the first ones."""

MOST_CLIPS, MOST_IMAGES, ACROSS = 8, 16, 4
SHOWN_FRAMES = 5
"""Frames of a strip, the newest last; older ones are left out evenly."""

_BALL, _NEXT, _BOX, _POINT, _LETTER = (0, 255, 255), (0, 128, 255), (80, 220, 80), (255, 120, 60), (255, 255, 255)

Picture = NDArray[np.uint8]


def save_batches(samples: Samples, order: Order, spec: InputSpec, folder: Path) -> list[Path]:
    """Write train_batch0.jpg, train_batch1.jpg, ... of the first epoch, and return their paths.

    Args:
        samples: what the network learns from.
        order: the batches of an epoch.
        spec: how samples become pictures.
        folder: which is there already.

    Raises:
        SinkError: they cannot be written.
    """
    files: list[Path] = []
    for number, places in zip(range(BATCHES), order, strict=False):
        path = folder / f"train_batch{number}.jpg"
        save_batch(samples.join([samples[place] for place in places]), spec, path)
        files.append(path)
    return files


def save_batch(batch: Batch, spec: InputSpec, path: Path) -> None:
    """Write samples with their labels, clips one below the other, images four a row.

    Args:
        batch: on the CPU.
        spec: frames, and the order of colours.
        path: a .jpg.

    Raises:
        SinkError: it cannot be written.
    """
    if spec.frames > 1:
        rows = [_strip(batch, row, spec) for row in range(min(len(batch.names), MOST_CLIPS))]
    else:
        tiles = [_tile(batch, row, spec) for row in range(min(len(batch.names), MOST_IMAGES))]
        tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % min(ACROSS, len(tiles)))
        across = min(ACROSS, len(tiles))
        rows = [np.concatenate(tiles[at : at + across], axis=1) for at in range(0, len(tiles), across)]
    with atomic_path(path) as part:
        part.write_bytes(encode_image(np.concatenate(rows), path.suffix))


def _strip(batch: Batch, row: int, spec: InputSpec) -> Picture:
    frames, planes = spec.frames, batch.images[row].numpy()
    clip = planes.reshape(frames, -1, *planes.shape[-2:])
    shown = np.unique(np.linspace(0, frames - 1, min(frames, SHOWN_FRAMES)).round().astype(int)).tolist()
    tiles: list[Picture] = []
    for frame in shown:
        canvas = _canvas(clip[frame], spec)
        if frame == frames - 1:
            _draw_boxes(canvas, batch, row)
        _draw_balls(canvas, batch, row, frame)
        tiles.append(canvas)
    return _named(np.concatenate(tiles, axis=1), batch.names[row])


def _tile(batch: Batch, row: int, spec: InputSpec) -> Picture:
    canvas = _canvas(batch.images[row].numpy(), spec)
    _draw_boxes(canvas, batch, row, numbers=True)
    return _named(canvas, Path(batch.names[row]).name)


def _named(picture: Picture, name: str) -> Picture:
    cv2.putText(picture, name, (3, 11), cv2.FONT_HERSHEY_PLAIN, 0.8, _LETTER, 1, cv2.LINE_AA)
    return picture


def _canvas(planes: Picture, spec: InputSpec) -> Picture:
    """Return (1 or 3, h, w) planes as a BGR picture of its own."""
    ordered = planes[::-1] if spec.color is Color.RGB else planes
    return np.array(np.broadcast_to(ordered, (3, *planes.shape[1:])).transpose(1, 2, 0), order="C")


def _draw_boxes(canvas: Picture, batch: Batch, row: int, *, numbers: bool = False) -> None:
    """Draw boxes, keypoints and, where there may be several classes, their numbers."""
    boxes = batch.targets.boxes
    if boxes is None:
        return
    for place in boxes.valid[row].nonzero()[:, 0].tolist():
        x1, y1, x2, y2 = boxes.boxes[row, place].round().int().tolist()
        cv2.rectangle(canvas, (x1, y1), (x2, y2), _BOX, 1)
        if numbers:
            said = str(int(boxes.classes[row, place]))
            cv2.putText(canvas, said, (x1 + 2, y1 + 11), cv2.FONT_HERSHEY_PLAIN, 0.8, _BOX, 1, cv2.LINE_AA)
        for x, y, seen in boxes.keypoints[row, place].tolist():
            if seen:
                cv2.circle(canvas, (int(x), int(y)), 1, _POINT, -1)


def _draw_balls(canvas: Picture, batch: Batch, row: int, frame: int) -> None:
    """Draw a ring a ball, and a line to where it is next."""
    balls = batch.targets.balls
    if balls is None:
        return
    for place in balls.valid[row, frame].nonzero()[:, 0].tolist():
        x, y, next_x, next_y = (int(value) for value in balls.points[row, frame, place].tolist())
        cv2.circle(canvas, (x, y), 4, _BALL, 1)
        if balls.next_known[row, frame, place]:
            cv2.line(canvas, (x, y), (next_x, next_y), _NEXT, 1)
