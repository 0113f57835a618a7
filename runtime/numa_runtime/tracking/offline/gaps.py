"""Gaps within a track, filled along a straight line."""

from __future__ import annotations

import numpy as np

from numa_runtime.tracking.offline.table import BOX, FRAME, SCORE, Table


def fill_gaps(track: Table, longest_gap: int) -> tuple[Table, int]:
    """Put rows on the straight line between two sightings that are at most `longest_gap` missing frames apart.

    Boxes and scores are on the line; id and class are the earlier row's. Returns the track, in order of frames, and how
    many gaps were filled.
    """
    steps = np.diff(track[:, FRAME]).astype(np.int64)
    gaps = np.flatnonzero((steps > 1) & (steps <= longest_gap + 1))
    if not len(gaps):
        return track, 0
    inside = [_between(track[gap], track[gap + 1], int(steps[gap])) for gap in gaps.tolist()]
    whole = np.concatenate([track, *inside])
    filled: Table = whole[np.argsort(whole[:, FRAME], kind="stable")]
    return filled, len(gaps)


def _between(first: Table, second: Table, steps: int) -> Table:
    share = (np.arange(1, steps) / steps)[:, None]
    rows = np.repeat(first[None], steps - 1, axis=0)
    for part in (slice(FRAME, FRAME + 1), BOX, slice(SCORE, SCORE + 1)):
        rows[:, part] = (1.0 - share) * first[part] + share * second[part]
    rows[:, FRAME] = np.round(rows[:, FRAME])
    return rows
