"""Fragments of one object: where one track ends and another begins as motion lets expect it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.offline.table import BOX, CLASS, FRAME, ID, Table

RECENT = 10
"""How many rows at an end tell the speed there."""


def join_fragments(tracks: list[Table], longest_gap: int, least_overlap: float) -> tuple[list[Table], int]:
    """Put fragments together; return the tracks and how many were joined to an earlier one.

    The end of one is moved on to the other's first frame, and the other's beginning back to the one's last frame, each
    at its own speed there; the mean of the two IoUs must reach `least_overlap`. Only tracks of one class, and no track
    has two successors or two predecessors: the best pair is taken first. A joined track has its earliest id.

    Args:
        tracks: each (n, 8), in order of frames.
        longest_gap: the most frames between the two in which neither is seen.
        least_overlap: 0 to 1.
    """
    follows: dict[int, int] = {}
    before: set[int] = set()
    for overlap, first, second in _candidates(tracks, longest_gap):
        if overlap < least_overlap:
            break
        if first not in follows and second not in before:
            follows[first] = second
            before.add(second)
    return [_chain(tracks, head, follows) for head in range(len(tracks)) if head not in before], len(before)


def _candidates(tracks: list[Table], longest_gap: int) -> list[tuple[float, int, int]]:
    """Return (overlap, index of the one, index of the one after it) of what is near enough in time, best first."""
    starts = np.array([track[0, FRAME] for track in tracks])
    order = np.argsort(starts, kind="stable")
    found = []
    for first, track in enumerate(tracks):
        end = track[-1, FRAME]
        low, high = np.searchsorted(starts[order], [end + 1, end + longest_gap + 2])
        for second in order[low:high].tolist():
            other = tracks[second]
            if track[-1, CLASS] == other[0, CLASS]:
                frames = float(other[0, FRAME] - end)
                ahead = overlap_of(track[-1, BOX] + frames * speed_of(track[-RECENT:]), other[0, BOX])
                back = overlap_of(track[-1, BOX], other[0, BOX] - frames * speed_of(other[:RECENT]))
                found.append((0.5 * (ahead + back), first, second))
    return sorted(found, key=lambda item: (-item[0], item[1], item[2]))


def speed_of(rows: Table) -> NDArray[np.float64]:
    """Return what the centre moves by in a frame, as (4,) to be added to a box: least squares over `rows`."""
    time = rows[:, FRAME] - rows[:, FRAME].mean()
    spread = float(time @ time)
    if spread == 0.0:
        return np.zeros(4)
    centre = 0.5 * (rows[:, 2:4] + rows[:, 4:6])
    return np.tile(time @ (centre - centre.mean(axis=0)) / spread, 2)


def overlap_of(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the IoU of two boxes (4,) x1, y1, x2, y2."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    if (sides <= 0).any():
        return 0.0
    inter = float(sides.prod())
    return inter / (float((one[2:] - one[:2]).prod()) + float((other[2:] - other[:2]).prod()) - inter)


def _chain(tracks: list[Table], head: int, follows: dict[int, int]) -> Table:
    parts, at = [tracks[head]], head
    while at in follows:
        at = follows[at]
        parts.append(tracks[at])
    whole = np.concatenate(parts)
    whole[:, ID] = tracks[head][0, ID]
    return whole
