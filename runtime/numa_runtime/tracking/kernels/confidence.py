"""Hybrid-SORT's weak cues: how sure the detector was of a track, and where its corners went (Yang et al. 2024).

A track's score is filtered like its area (constant velocity, the noise of SORT's third number): six numbers at column
P_CONFIDENCE of `history`.
"""

from __future__ import annotations

from math import acos, pi, sqrt

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.noise import (
    AREA_MEASURED,
    AREA_PROCESS,
    AREA_VELOCITY_PROCESS,
    SORT_FIRST,
    SORT_VELOCITY_FIRST,
)
from numa_runtime.tracking.kernels.observed import reference


@rare
def observe_score(
    floats: Floats, ints: Ints, history: Floats, slot: int, column: int, score: float, frame: int, clock: float
) -> None:
    """Take the score of this frame's detection into the filter of `slot`; `column` is where that lies.

    Before the track takes the detection (its SCORE, SEEN and FRAME are the last one's), or at its birth.
    """
    if ints[slot, at.START] == frame:
        history[slot, column], history[slot, column + 1] = score, 0.0
        history[slot, column + 2], history[slot, column + 3] = SORT_FIRST, 0.0
        history[slot, column + 4], history[slot, column + 5] = SORT_VELOCITY_FIRST, 0.0
        return
    dt = clock - floats[slot, at.SEEN]
    speed, p01, p11 = history[slot, column + 1], history[slot, column + 3], history[slot, column + 4]
    p00 = history[slot, column + 2] + dt * (2.0 * p01 + dt * p11) + AREA_PROCESS * dt
    p01, p11 = p01 + dt * p11, p11 + AREA_VELOCITY_PROCESS * dt
    expected = history[slot, column] + dt * speed
    gain, of_speed = p00 / (p00 + AREA_MEASURED), p01 / (p00 + AREA_MEASURED)
    history[slot, column] = expected + gain * (score - expected)
    history[slot, column + 1] = speed + of_speed * (score - expected)
    history[slot, column + 2], history[slot, column + 3] = p00 - gain * p00, p01 - gain * p01
    history[slot, column + 4] = p11 - of_speed * p01
    history[slot, column + 5] = score - floats[slot, at.SCORE] if frame - ints[slot, at.FRAME] == 1 else 0.0


@inner
def angle_between(ax: float, ay: float, bx: float, by: float) -> float:
    """Return the angle (radians) between two vectors, a quarter turn where one of them is 0."""
    length = sqrt((ax * ax + ay * ay) * (bx * bx + by * by))
    if not length > 0.0:
        return 0.5 * pi
    return float(acos(min(1.0, max(-1.0, (ax * bx + ay * by) / length))))


@inner
def turn_of_corners(history: Floats, measured: Floats, slot: int, earlier: int, detection: int) -> float:
    """Return the mean over the corners of the angle (radians) between the track's way and the way to the detection.

    A corner's way leads from the box delta_t frames before the last observation to that; to the detection, from the box
    at `earlier` in history. Sides only: a rotated box's turn is left out.
    """
    total = 0.0
    last_h, from_h = history[slot, at.M_H], history[slot, at.O_FROM + 3]
    last_w, from_w = history[slot, at.M_A] * last_h, history[slot, at.O_FROM + 2] * from_h
    h, ref_h = measured[detection, at.M_H], history[slot, earlier + 3]
    w, ref_w = measured[detection, at.M_A] * h, history[slot, earlier + 2] * ref_h
    for corner in range(4):
        across, down = 0.5 * (2 * (corner % 2) - 1), 0.5 * (2 * (corner // 2) - 1)
        went_x = history[slot, at.M_X] - history[slot, at.O_FROM] + across * (last_w - from_w)
        went_y = history[slot, at.M_Y] - history[slot, at.O_FROM + 1] + down * (last_h - from_h)
        goes_x = measured[detection, at.M_X] - history[slot, earlier] + across * (w - ref_w)
        goes_y = measured[detection, at.M_Y] - history[slot, earlier + 1] + down * (h - ref_h)
        total += angle_between(went_x, went_y, goes_x, goes_y)
    return 0.25 * total


@rare
def add_weak_cues(
    floats: Floats, history: Floats, measured: Floats, slots: Ints, detections: Ints, params: Floats, frame: int,
    clock: float, lists: Ints, pair_columns: Ints, pair_costs: Floats,
) -> None:  # fmt: skip
    """Add inertia * score * (mean angle of the corners / pi - 1/2) + weight * |expected score - score| to each pair.

    The expected score is the filter's, between track_high_thresh and 1.
    """
    column, delta_t, weight = int(params[at.P_CONFIDENCE]), int(params[at.P_DELTA_T]), params[at.P_SCORE_WEIGHT]
    for i in range(len(slots)):
        slot = slots[i]
        earlier = reference(history, slot, frame, delta_t)
        expected = history[slot, column] + (clock - floats[slot, at.SEEN]) * history[slot, column + 1]
        expected = min(1.0, max(params[at.P_HIGH], expected))
        for k in range(lists[at.L_ROW_START, i], lists[at.L_ROW_START, i + 1]):
            detection = detections[pair_columns[k]]
            score = measured[detection, at.M_SCORE]
            turn = turn_of_corners(history, measured, slot, earlier, detection)
            pair_costs[k] += params[at.P_INERTIA] * score * (turn / pi - 0.5) + weight * abs(expected - score)


@rare
def add_falling_score(
    floats: Floats, ints: Ints, history: Floats, measured: Floats, slots: Ints, detections: Ints, params: Floats,
    frame: int, limit: float, lists: Ints, pair_columns: Ints, pair_costs: Floats,
) -> None:  # fmt: skip
    """Add weight * |expected score - score| to each pair, and drop those that then cost `limit` or more.

    The expected score goes on by as much as it last changed from one frame to the next (not after a miss), between
    track_low_thresh and track_high_thresh.
    """
    column, weight, kept, start = int(params[at.P_CONFIDENCE]), params[at.P_LOW_SCORE_WEIGHT], 0, 0
    for i in range(len(slots)):
        slot, stop = slots[i], lists[at.L_ROW_START, i + 1]
        change = history[slot, column + 5] if frame - ints[slot, at.FRAME] == 1 else 0.0
        expected = min(params[at.P_HIGH], max(params[at.P_LOW], floats[slot, at.SCORE] + change))
        for k in range(start, stop):
            cost = pair_costs[k] + weight * abs(expected - measured[detections[pair_columns[k]], at.M_SCORE])
            if cost < limit:
                pair_columns[kept], pair_costs[kept] = pair_columns[k], cost
                kept += 1
        lists[at.L_ROW_START, i + 1] = kept
        start = stop


@rare
def add_all_cues(
    floats: Floats, ints: Ints, history: Floats, measured: Floats, slots: Ints, detections: Ints, params: Floats,
    frame: int, limit: float, lists: Ints, pair_columns: Ints, pair_costs: Floats,
) -> None:  # fmt: skip
    """Add what TrackTrack's cost has besides the overlap to each pair (Shim et al. 2025).

    score_weight * |expected score - score|, the expected one going on as in `add_falling_score`; low_penalty for low
    detections; angle_weight * score * mean angle of the corners / pi, which takes the most time and only adds: pairs
    that cost `limit` or more without it match nobody anyway, and go without.
    """
    column, delta_t = int(params[at.P_CONFIDENCE]), int(params[at.P_DELTA_T])
    for i in range(len(slots)):
        slot = slots[i]
        earlier = reference(history, slot, frame, delta_t)
        change = history[slot, column + 5] if frame - ints[slot, at.FRAME] == 1 else 0.0
        expected = floats[slot, at.SCORE] + change
        for k in range(lists[at.L_ROW_START, i], lists[at.L_ROW_START, i + 1]):
            detection = detections[pair_columns[k]]
            score = measured[detection, at.M_SCORE]
            pair_costs[k] += params[at.P_SCORE_WEIGHT] * abs(expected - score)
            if score < params[at.P_HIGH]:
                pair_costs[k] += params[at.P_LOW_PENALTY]
            if pair_costs[k] < limit:
                turn = turn_of_corners(history, measured, slot, earlier, detection)
                pair_costs[k] += params[at.P_ANGLE] * score * turn / pi
