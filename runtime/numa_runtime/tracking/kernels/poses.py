"""How well a track's pose fits a detection's: object keypoint similarity, fused with the overlap of the boxes.

Poses lie behind everything else: in the last POINT * keypoints columns of `history` and of `features`.
"""

from __future__ import annotations

from math import exp

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.layout import Floats, Ints


@inner
def width_of_looks(features: Floats, params: Floats) -> int:
    """Return how many columns of `features` are appearance."""
    return int(features.shape[1] - at.POINT * params[at.P_KEYPOINTS])


@rare
def take_poses(
    history: Floats, features: Floats, measured: Floats, slots: Ints, detections: Ints,
    params: Floats, limit: float, fuse: bool, lists: Ints, pair_columns: Ints, pair_costs: Floats,
) -> None:  # fmt: skip
    """Let pairs cost 1 - ((1 - pose_weight) IoU + pose_weight OKS) (times score); drop those of `limit` or more.

    OKS is the mean of exp(-d^2 / (2 s^2 k^2)) over the keypoints seen in both (Ronchi and Perona 2017, section 3),
    d after the track's pose was put into the detection's box: whether the place is right, IoU says already, and a
    few pixels of a predicted box would hide whether the pose is. Where no keypoint is seen in both, the cost stays
    that of the boxes.
    """
    weight, count, kept, start = params[at.P_POSE], int(params[at.P_KEYPOINTS]), 0, 0
    of_track, of_detection = history.shape[1] - at.POINT * count, features.shape[1] - at.POINT * count
    for i in range(len(slots)):
        slot, stop = slots[i], lists[at.L_ROW_START, i + 1]
        for k in range(start, stop):
            detection, cost = detections[pair_columns[k]], pair_costs[k]
            row, alike, seen = int(measured[detection, at.M_INDEX]), 0.0, 0
            h = measured[detection, at.M_H]
            w = measured[detection, at.M_A] * h
            for point in range(count):
                old, new = of_track + at.POINT * point, of_detection + at.POINT * point
                if history[slot, old + 2] > 0.0 and features[row, new + 2] > 0.0:
                    apart_x = w * (features[row, new] - history[slot, old])
                    apart_y = h * (features[row, new + 1] - history[slot, old + 1])
                    alike += exp(-(apart_x * apart_x + apart_y * apart_y) * features[row, new + 2])
                    seen += 1
            if seen > 0:
                similarity = alike / seen * measured[detection, at.M_SCORE] if fuse else alike / seen
                cost += weight * (1.0 - similarity - cost)
            if cost < limit:
                pair_columns[kept], pair_costs[kept] = pair_columns[k], cost
                kept += 1
        lists[at.L_ROW_START, i + 1] = kept
        start = stop


@rare
def keep_pose(history: Floats, features: Floats, params: Floats, slot: int, row: int, fresh: bool) -> None:
    """Make row `row` of features the pose of the track in `slot`, unless it sees no keypoint and the track has one."""
    count, seen = int(params[at.P_KEYPOINTS]), 0.0
    of_track, of_detection = history.shape[1] - at.POINT * count, features.shape[1] - at.POINT * count
    for point in range(count):
        seen += features[row, of_detection + at.POINT * point + 2]
    if seen > 0.0 or fresh:
        for c in range(at.POINT * count):
            history[slot, of_track + c] = features[row, of_detection + c]
