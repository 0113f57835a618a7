"""What makes track and detection more alike than their overlap says (Stanojevic and Todorovic 2024, BoostTrack)."""

from __future__ import annotations

from math import exp

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.costs import ROUNDING
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.noise import RATIO_MEASURED, holds_width, measured_variances, sides, state_of_box
from numa_runtime.tracking.kernels.poses import width_of_looks

FARTHEST = 13.2767  # chi-square with 4 degrees of freedom, 99 %
DECAY, GROWN_UP = 0.9, 7  # a track's confidence falls by this a frame unseen, and rises so until this age


@inner
def confidence_of(floats: Floats, ints: Ints, slot: int, frame: int, clock: float) -> float:
    """Return how sure a track is: less while it is young, or the longer it has not been seen."""
    age = frame - ints[slot, at.START]
    if age < GROWN_UP:
        return float(DECAY ** (GROWN_UP - age))
    return float(DECAY ** max(0.0, clock - floats[slot, at.SEEN] - 1.0))


@inner
def variances_of(floats: Floats, ints: Ints, coupled: Floats, slot: int) -> tuple[float, float, float, float]:
    """Return the variances of a measured box about the predicted one: x, y and the state's third and fourth number."""
    kind, third, fourth = ints[slot, at.KIND], floats[slot, at.A], floats[slot, at.H]
    noise, third_noise = measured_variances(kind, third, fourth)
    of_third, of_y = floats[slot, at.A00] + third_noise, floats[slot, at.P00] + noise
    of_x, of_fourth = of_third if holds_width(kind) else of_y, of_y
    if ints[slot, at.COUPLED] != 0:
        of_x = coupled[slot, at.CXX] + (third_noise if holds_width(kind) else noise)
        of_y = coupled[slot, at.CYY] + noise
    if kind == at.XYSR:
        of_fourth = floats[slot, at.RATIO] + RATIO_MEASURED
    if kind == at.XYXY:  # the corners' variances stand there: the centre has half of them, a side the double
        return 0.5 * of_x, 0.5 * of_y, 2.0 * of_third, 2.0 * of_fourth
    return of_x, of_y, of_third, of_fourth


@rare
def squared_distance(
    floats: Floats,
    ints: Ints,
    slot: int,
    measured: Floats,
    detection: int,
    variances: tuple[float, float, float, float],
) -> float:
    """Return the squared Mahalanobis distance of a detection, over x, y and the state's third and fourth number."""
    third, fourth = state_of_box(ints[slot, at.KIND], measured[detection, at.M_A], measured[detection, at.M_H])
    x, y = measured[detection, at.M_X] - floats[slot, at.X], measured[detection, at.M_Y] - floats[slot, at.Y]
    third, fourth = third - floats[slot, at.A], fourth - floats[slot, at.H]
    of_centre = x * x / variances[0] + y * y / variances[1]
    return float(of_centre + third * third / variances[2] + fourth * fourth / variances[3])


@inner
def raise_likely(
    measured: Floats, slots: Ints, detections: Ints, params: Floats, shapes: Floats, lists: Ints, pair_columns: Ints,
    pair_costs: Floats,
) -> int:  # fmt: skip
    """Write each detection's score, or likely_boost x its best overlap, into S_DISTANCE; return how many are high."""
    high = 0
    for j in range(len(detections)):
        shapes[1, j, at.S_DISTANCE] = measured[detections[j], at.M_SCORE]
    for k in range(lists[at.L_ROW_START, len(slots)]):
        j = pair_columns[k]
        raised = params[at.P_LIKELY] * (1.0 - pair_costs[k])
        shapes[1, j, at.S_DISTANCE] = max(shapes[1, j, at.S_DISTANCE], raised)
    for j in range(len(detections)):
        high += int(shapes[1, j, at.S_DISTANCE] >= params[at.P_HIGH])
    return high


@rare
def boost(
    floats: Floats, ints: Ints, coupled: Floats, history: Floats, features: Floats, measured: Floats, slots: Ints,
    detections: Ints, params: Floats, frame: int, clock: float, limit: float, rotated: bool, shapes: Floats,
    lists: Ints, pair_columns: Ints, pair_costs: Floats,
) -> float:  # fmt: skip
    """Put the boosted similarity of each pair in place of its overlap; return the limit under which all costs are.

    similarity = IoU + confidence_weight C IoU + distance_weight M + shape_weight C exp(-(|dw| / max w + |dh| / max h))
    + appearance_weight cosine. C is the product of the track's confidence and the detection's (raised) score where
    1 - IoU is below `limit`, else 0; M the softmax over the detections of FARTHEST - d2, d2 the squared Mahalanobis
    distance, 0 beyond FARTHEST. Detections that do not touch count there as farther. Pairs go whose detection is not
    high even if raised, and those that neither overlap enough nor look alike enough.
    """
    high = raise_likely(measured, slots, detections, params, shapes, lists, pair_columns, pair_costs)
    with_looks, width, kept, start = params[at.P_REID] != 0.0, 0, 0, 0
    if with_looks:
        width = width_of_looks(features, params)
    top = 1.0 + params[at.P_CONFIDENT] + params[at.P_NEAR] + params[at.P_SHAPE] + params[at.P_LOOKS]
    for i in range(len(slots)):
        slot, stop = slots[i], lists[at.L_ROW_START, i + 1]
        sure = confidence_of(floats, ints, slot, frame, clock)
        variances = variances_of(floats, ints, coupled, slot)
        w, h = sides(ints[slot, at.KIND], floats[slot, at.A], floats[slot, at.H])
        total = float(high)
        for k in range(start, stop):
            if shapes[1, pair_columns[k], at.S_DISTANCE] >= params[at.P_HIGH]:
                d2 = squared_distance(floats, ints, slot, measured, detections[pair_columns[k]], variances)
                total += exp(FARTHEST - d2) - 1.0 if d2 < FARTHEST else 0.0
        for k in range(start, stop):
            j, overlap = pair_columns[k], 1.0 - pair_costs[k]
            detection, score, alike = detections[j], shapes[1, j, at.S_DISTANCE], 0.0
            row = int(measured[detection, at.M_INDEX])
            for c in range(width):
                alike += history[slot, c] * features[row, c]
            near = pair_costs[k] < limit
            looks = with_looks and overlap >= params[at.P_PROXIMITY] - ROUNDING and alike >= params[at.P_APPEARANCE]
            if score < params[at.P_HIGH] or not (near or looks):
                continue
            both = sure * score if near else 0.0
            similarity = overlap + params[at.P_CONFIDENT] * both * overlap + params[at.P_LOOKS] * max(0.0, alike)
            if not rotated:
                d2 = squared_distance(floats, ints, slot, measured, detection, variances)
                if d2 < FARTHEST:
                    similarity += params[at.P_NEAR] * exp(FARTHEST - d2) / total
                its_h = measured[detection, at.M_H]
                its_w = measured[detection, at.M_A] * its_h
                unlike = abs(w - its_w) / max(w, its_w) + abs(h - its_h) / max(h, its_h)
                similarity += params[at.P_SHAPE] * both * exp(-unlike)
            pair_columns[kept], pair_costs[kept] = j, top - similarity
            kept += 1
        lists[at.L_ROW_START, i + 1] = kept
        start = stop
    return float(top)
