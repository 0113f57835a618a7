"""Reading the caller's detections into the `measured` block, and splitting them by score."""

from __future__ import annotations

from math import isfinite, pi

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.similarity import half_turn

SCORE_SLACK = 1e-6  # scores above 1 by less are rounding, and clipped


@inner
def first_bad_score(detections: Floats) -> int:
    """Return the first row whose score lies outside 0-1, or -1. A score that is not finite drops its row instead."""
    score_column = detections.shape[1] - 2
    for i in range(detections.shape[0]):
        score = detections[i, score_column]
        if isfinite(score) and (score < 0.0 or score > 1.0 + SCORE_SLACK):
            return i
    return -1


@inner
def read_detections(detections: Floats, measured: Floats, keep_degenerate: bool) -> int:
    """Write the usable rows of `detections` (n, 6) or rotated (n, 7) to `measured`; return how many there are.

    A row with a number that is not finite is dropped, and so is one with a side of zero or less or beyond
    1e9 pixels (`keep_degenerate` keeps the latter, as the classic tracker does).
    """
    rotated = detections.shape[1] == 7
    kept = 0
    for i in range(detections.shape[0]):
        total = 0.0
        for k in range(detections.shape[1]):
            total += detections[i, k] * 0.0
        if total != 0.0:  # something is inf or NaN
            continue
        x, y, w, h = detections[i, 0], detections[i, 1], detections[i, 2], detections[i, 3]
        x1, y1, x2, y2 = x, y, w, h  # where the box is upright
        if not rotated:
            x, y, w, h = 0.5 * (x1 + x2), 0.5 * (y1 + y2), x2 - x1, y2 - y1
        sane = at.SMALLEST_SIDE <= w <= at.LARGEST_PIXEL and at.SMALLEST_SIDE <= h <= at.LARGEST_PIXEL
        sane = sane and abs(x) <= at.LARGEST_PIXEL and abs(y) <= at.LARGEST_PIXEL
        if not (sane or keep_degenerate):
            continue
        measured[kept, at.M_X], measured[kept, at.M_Y] = x, y
        measured[kept, at.M_A], measured[kept, at.M_H] = w / h, h
        if rotated:
            measured[kept, at.M_ANGLE] = half_turn(detections[i, 4])
        else:
            measured[kept, at.M_ANGLE] = 0.0
            measured[kept, at.M_X1], measured[kept, at.M_Y1] = x1, y1
            measured[kept, at.M_X2], measured[kept, at.M_Y2] = x2, y2
        measured[kept, at.M_SCORE] = min(detections[i, detections.shape[1] - 2], 1.0)
        measured[kept, at.M_CLASS] = detections[i, detections.shape[1] - 1]
        measured[kept, at.M_INDEX] = i
        kept += 1
    return kept


@inner
def split_detections(measured: Floats, n: int, params: Floats, lists: Ints, counters: Ints) -> None:
    """Fill L_HIGH (score >= track_high_thresh) and L_LOW (between the thresholds) with detections, rows of `measured`.

    In classic mode a detection's index becomes its place in its own list, as published.
    """
    high, low = 0, 0
    classic = params[at.P_CLASSIC] != 0.0
    for detection in range(n):
        score = measured[detection, at.M_SCORE]
        if score >= params[at.P_HIGH]:
            if classic:
                measured[detection, at.M_INDEX] = high
            lists[at.L_HIGH, high] = detection
            high += 1
        elif score > params[at.P_LOW]:
            if classic:
                measured[detection, at.M_INDEX] = low
            if params[at.P_JOINT] != 0.0:
                lists[at.L_HIGH, high] = detection
                high += 1
            else:
                lists[at.L_LOW, low] = detection
                low += 1
    counters[at.L_HIGH], counters[at.L_LOW] = high, low


@rare
def align_rotated(measured: Floats, detection: int, reference: float) -> None:
    """Describe the rotated box `detection` with its width along `reference` (radians) as nearly as it can be.

    A rectangle is the same with its sides exchanged and a quarter turn more; detectors change from one to the
    other between frames, and a filter that followed would see the aspect jump.
    """
    apart = half_turn(measured[detection, at.M_ANGLE] - reference)  # in [-pi/4, 3 pi/4)
    if apart > 0.25 * pi:
        w = measured[detection, at.M_A] * measured[detection, at.M_H]
        h = measured[detection, at.M_H]
        measured[detection, at.M_A], measured[detection, at.M_H] = h / w, w
        measured[detection, at.M_ANGLE] = half_turn(measured[detection, at.M_ANGLE] - 0.5 * pi)
