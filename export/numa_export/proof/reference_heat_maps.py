"""The decode of heat maps in plain numpy, ball by ball, against which adopted ball networks are proved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

_CELL, _CANDIDATES, _KEPT = 4, 16, 5


def decode_heat_maps(maps: Float, target: tuple[int, int]) -> dict[str, Float]:
    """Return `balls` [B, T, 5, 6] of maps of probabilities [B, T, H, W].

    Args:
        maps: one for each frame, oldest first.
        target: (height, width) of the network's input.
    """
    clips = []
    for clip in np.asarray(maps, np.float32):
        frames = [_balls(one, target) for one in clip]
        rows = np.zeros((len(frames), _KEPT, 6), np.float32)
        for t, found in enumerate(frames):
            for k, (y, x, score) in enumerate(found):
                after = frames[t + 1] if t + 1 < len(frames) else []
                next_y, next_x = _next(y, x, after, max(target))
                rows[t, k] = x, y, next_x, next_y, score, 0
        clips.append(rows)
    return {"balls": np.stack(clips)}


def _balls(one: Float, target: tuple[int, int]) -> list[tuple[float, float, float]]:
    margin = _CELL * max(1, -(-max(one.shape) // 320))
    rest = [-side % _CELL for side in one.shape]
    padded = np.pad(one, [(margin, margin + extra) for extra in rest])
    found: list[tuple[float, float, float]] = []
    for row, column, score in _peaks(padded):
        y, x = (
            (value - margin + 0.5) * target[axis] / one.shape[axis]
            for axis, value in enumerate(_centroid(padded, row, column, score, margin))
        )
        reach = max(target) / 32
        if all((y - there[0]) ** 2 + (x - there[1]) ** 2 > reach**2 for there in found):
            found.append((y, x, score))
    return found[:_KEPT]


def _peaks(padded: Float) -> list[tuple[int, int, float]]:
    """Return centre and height of the cells that no neighbour surpasses, the highest first."""
    height, width = (side // _CELL for side in padded.shape)
    cells = padded.reshape(height, _CELL, width, _CELL).max(axis=(1, 3))
    wide = np.pad(cells, 1, constant_values=-np.inf)
    around = np.max([wide[i : i + height, j : j + width] for i in range(3) for j in range(3)], axis=0)
    worth = np.where(cells == around, cells, 0).ravel()
    order = np.argsort(-worth, kind="stable")[:_CANDIDATES]
    half = _CELL // 2
    return [
        (int(at) // width * _CELL + half, int(at) % width * _CELL + half, float(worth[at]))
        for at in order
        if worth[at] > 0
    ]


def _centroid(padded: Float, row: int, column: int, score: float, margin: int) -> tuple[float, float]:
    """Return the centroid of what rises above half of the peak, in a window that is centred twice."""
    steps = np.arange(-margin, margin + 1)
    y, x = float(row), float(column)
    for _ in range(2):
        row = min(max(round(y), margin), padded.shape[0] - margin - 1)
        column = min(max(round(x), margin), padded.shape[1] - margin - 1)
        window = padded[row - margin : row + margin + 1, column - margin : column + margin + 1]
        weight = np.maximum(window.astype(np.float64) - score / 2, 0)
        total = max(weight.sum(), 1e-9)
        y = row + float((weight.sum(axis=1) @ steps) / total)
        x = column + float((weight.sum(axis=0) @ steps) / total)
    return y, x


def _next(y: float, x: float, after: list[tuple[float, float, float]], longer: int) -> tuple[float, float]:
    """Return the place of the following frame's ball that can best have come from here; (y, x) where none can."""
    best, place = 0.0, (y, x)
    for there_y, there_x, score in after:
        gap = (there_y - y) ** 2 + (there_x - x) ** 2
        worth = score / (1 + gap * (16 / longer) ** 2)
        if gap < (longer / 8) ** 2 and score > 0.25 and worth > best:
            best, place = worth, (there_y, there_x)
    return place
