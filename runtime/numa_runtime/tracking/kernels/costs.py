"""What a pair costs beyond its overlap: a change of direction (OC-SORT), or less for looking alike (BoT-SORT)."""

from __future__ import annotations

from math import acos, pi, sqrt

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.observed import reference
from numa_runtime.tracking.kernels.poses import width_of_looks

SMOOTHING = 0.9  # of the moving average that a track's appearance is (Aharon et al. 2022)
ROUNDING = 1e-12


@rare
def add_momentum(
    history: Floats, measured: Floats, slots: Ints, detections: Ints, params: Floats, frame: int,
    lists: Ints, pair_columns: Ints, pair_costs: Floats,
) -> None:  # fmt: skip
    """Add inertia * score * (angle / pi - 1/2) to each pair's cost.

    angle lies between the track's direction and the one from its observation delta_t frames ago to the detection
    (Cao et al. 2023, section 4.2); a track or a detection that does not move has no direction and adds nothing.
    """
    delta_t, inertia = int(params[at.P_DELTA_T]), params[at.P_INERTIA]
    for i in range(len(slots)):
        slot = slots[i]
        velocity_x = history[slot, at.M_X] - history[slot, at.O_FROM]
        velocity_y = history[slot, at.M_Y] - history[slot, at.O_FROM + 1]
        squared_speed = velocity_x * velocity_x + velocity_y * velocity_y
        earlier = reference(history, slot, frame, delta_t)
        reference_x, reference_y = history[slot, earlier], history[slot, earlier + 1]
        for k in range(lists[at.L_ROW_START, i], lists[at.L_ROW_START, i + 1]):
            detection = detections[pair_columns[k]]
            x, y = measured[detection, at.M_X] - reference_x, measured[detection, at.M_Y] - reference_y
            length = sqrt(squared_speed * (x * x + y * y))
            if length > 0.0:
                cosine = min(1.0, max(-1.0, (x * velocity_x + y * velocity_y) / length))
                pair_costs[k] += inertia * measured[detection, at.M_SCORE] * (acos(cosine) / pi - 0.5)


@inner
def gate_of_appearance(params: Floats, limit: float) -> float:
    """Return the limit of 1 - IoU (times score) below which every pair lies that appearance may bring together."""
    return float(max(limit, 1.0 - params[at.P_PROXIMITY] * params[at.P_HIGH] + 1e-9))


@rare
def take_appearance(
    history: Floats, features: Floats, measured: Floats, slots: Ints, detections: Ints, params: Floats, limit: float,
    fuse: bool, lists: Ints, pair_columns: Ints, pair_costs: Floats,
) -> None:  # fmt: skip
    """Let pairs cost half their cosine distance where that is less, and drop those that cost `limit` or more.

    Only where the IoU (or what poses made of it) is at least proximity_thresh and the cosine similarity at least
    appearance_thresh (Aharon et al. 2022, section 3.3).
    """
    kept, start, width = 0, 0, width_of_looks(features, params)
    for i in range(len(slots)):
        stop = lists[at.L_ROW_START, i + 1]
        for k in range(start, stop):
            detection, cost = detections[pair_columns[k]], pair_costs[k]
            overlap = (1.0 - cost) / measured[detection, at.M_SCORE] if fuse else 1.0 - cost
            if overlap >= params[at.P_PROXIMITY] - ROUNDING:
                row, alike = int(measured[detection, at.M_INDEX]), 0.0
                for c in range(width):
                    alike += history[slots[i], c] * features[row, c]
                if alike >= params[at.P_APPEARANCE]:
                    cost = min(cost, 0.5 * (1.0 - alike))
            if cost < limit:
                pair_columns[kept], pair_costs[kept] = pair_columns[k], cost
                kept += 1
        lists[at.L_ROW_START, i + 1] = kept
        start = stop


@rare
def keep_appearance(history: Floats, features: Floats, params: Floats, slot: int, row: int, old: float) -> None:
    """Blend the detection's appearance (its `row` of features, of length 1 or 0) into the track's, of weight `old`."""
    square, width = 0.0, width_of_looks(features, params)
    for c in range(width):
        history[slot, c] = old * history[slot, c] + (1.0 - old) * features[row, c]
        square += history[slot, c] * history[slot, c]
    if square > 0.0:
        scale = 1.0 / sqrt(square)
        for c in range(width):
            history[slot, c] *= scale
