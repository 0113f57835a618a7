"""A track's boxes smoothed by a Gaussian process over time (Du et al. 2023, "StrongSORT", section 3.5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.offline.table import BOX, FRAME, Table

TAU = 10.0
NOISE = 0.05
"""Standard deviation of a detection's coordinates, in heights of its box."""
LONGEST = 2_000
"""Rows that are smoothed at once: the cost grows with their cube."""


def smoothed(track: Table) -> Table:
    """Return the track with smoothed boxes; the other columns stay.

    The kernel is exp(-dt^2 / (2 L^2)), L = tau ln(tau^3 / l) within [1 / tau, tau^2] for l rows, tau = 10, as
    published. The paper has no noise; here it is 5 % of the box's height, the trackers' own. The process is about a
    straight line (least squares), so that what moves evenly is not drawn to its middle.
    """
    if len(track) < 3:
        return track
    whole = track.copy()
    for start in range(0, len(track), LONGEST):
        part = slice(start, start + LONGEST)
        whole[part, BOX] = _smooth(track[part, FRAME], track[part, BOX])
    return whole


def _smooth(frames: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    line = np.column_stack([np.ones(len(frames)), frames - frames.mean()])
    straight: NDArray[np.float64] = line @ np.linalg.lstsq(line, boxes, rcond=None)[0]
    rest = boxes - straight
    noise = (NOISE * float(np.mean(boxes[:, 3] - boxes[:, 1]))) ** 2
    spread = float(np.mean(rest**2))
    if spread <= 1e-12:
        return straight
    apart = frames[:, None] - frames
    kernel = spread * np.exp(-0.5 * (apart / length_scale(len(frames))) ** 2)
    found: NDArray[np.float64] = straight + kernel @ np.linalg.solve(kernel + noise * np.eye(len(frames)), rest)
    return found


def length_scale(rows: int) -> float:
    """Return L in frames for a track of this many rows."""
    return float(np.clip(TAU * np.log(TAU**3 / rows), 1.0 / TAU, TAU**2))
