"""What happens to tracks between associations: split, match, lose, start, age."""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.confidence import observe_score
from numa_runtime.tracking.kernels.costs import SMOOTHING, keep_appearance
from numa_runtime.tracking.kernels.detections import align_rotated
from numa_runtime.tracking.kernels.inner import inner, rare
from numa_runtime.tracking.kernels.kalman import correct, initiate, predict_one
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.noise import state_of_box
from numa_runtime.tracking.kernels.observed import follow_mean, observe, swap_state
from numa_runtime.tracking.kernels.occlusion import keep_update
from numa_runtime.tracking.kernels.poses import keep_pose


@inner
def split_tracked(ints: Ints, params: Floats, lists: Ints, counters: Ints) -> None:
    """Fill L_POOL (activated tracks, then lost ones) and L_UNCONFIRMED from the pools."""
    pool, unconfirmed = 0, 0
    for i in range(counters[at.L_TRACKED]):
        slot = lists[at.L_TRACKED, i]
        if ints[slot, at.ACTIVATED] != 0 or params[at.P_ONE_POOL] != 0.0:
            lists[at.L_POOL, pool] = slot
            pool += 1
        else:
            lists[at.L_UNCONFIRMED, unconfirmed] = slot
            unconfirmed += 1
    for i in range(counters[at.L_LOST]):
        lists[at.L_POOL, pool] = lists[at.L_LOST, i]
        pool += 1
    counters[at.L_POOL], counters[at.L_UNCONFIRMED] = pool, unconfirmed
    counters[at.L_BORN], counters[at.L_REFOUND], counters[at.L_NEWLY_LOST], counters[at.L_ENDED_SLOT] = 0, 0, 0, 0


@inner
def take_measurement(
    floats: Floats, ints: Ints, measured: Floats, slot: int, detection: int, frame: int, clock: float
) -> None:
    """Copy what is not filtered (score, angle, class, index, times) from detection `detection` to the track."""
    floats[slot, at.SCORE], floats[slot, at.ANGLE] = measured[detection, at.M_SCORE], measured[detection, at.M_ANGLE]
    floats[slot, at.SEEN] = clock
    ints[slot, at.CLASS], ints[slot, at.INDEX] = (
        int(measured[detection, at.M_CLASS]),
        int(measured[detection, at.M_INDEX]),
    )
    ints[slot, at.FRAME] = frame


@rare
def replay_gap(
    floats: Floats, ints: Ints, coupled: Floats, history: Floats, measured: Floats, slot: int, detection: int, gap: int,
    clock: float,
) -> None:  # fmt: skip
    """Let the filter of `slot` go over a gap of `gap` frames again, up to the moment before detection `detection`.

    From the state at the last observation, along the straight line to this one (Cao et al. 2023,
    observation-centric re-update).
    """
    swap_state(floats, ints, coupled, history, slot)  # the other one is not needed any more: `observe` follows
    steps = min(gap, at.LONGEST_REPLAY)
    dt = min(clock - floats[slot, at.SEEN], at.LONGEST_PREDICTION) / steps
    x, y, h = measured[detection, at.M_X], measured[detection, at.M_Y], measured[detection, at.M_H]
    w, keep_positive = measured[detection, at.M_A] * h, steps > 0  # no literal: that would be compiled once more
    last_h = history[slot, at.M_H]
    last_w = history[slot, at.M_A] * last_h
    for step in range(1, steps + 1):
        predict_one(floats, ints, coupled, slot, dt, keep_positive)
        if step < steps:
            to, back = step / steps, 1.0 - step / steps
            between_w, between_h = to * w + back * last_w, to * h + back * last_h
            between_x, between_y = to * x + back * history[slot, at.M_X], to * y + back * history[slot, at.M_Y]
            third, fourth = state_of_box(ints[slot, at.KIND], between_w / between_h, between_h)
            correct(floats, ints, coupled, slot, between_x, between_y, third, fourth)


@inner
def apply_match(
    floats: Floats,
    ints: Ints,
    coupled: Floats,
    history: Floats,
    measured: Floats,
    features: Floats,
    params: Floats,
    slot: int,
    detection: int,
    frame: int,
    clock: float,
    align: bool,
) -> bool:
    """Update the track in `slot` with detection `detection`; return whether it was found again (was not Tracked).

    `align` chooses the description of a rotated box that fits the track's.
    """
    if align:
        align_rotated(measured, detection, floats[slot, at.ANGLE])
    delta_t = int(params[at.P_DELTA_T])
    refound = bool(ints[slot, at.STATE] != at.TRACKED)
    ints[slot, at.STATE] = at.TRACKED
    if delta_t > 0 and params[at.P_REPLAY] != 0.0 and frame - ints[slot, at.FRAME] > 1:
        replay_gap(floats, ints, coupled, history, measured, slot, detection, frame - ints[slot, at.FRAME], clock)
    x, y, a, h = (
        measured[detection, at.M_X],
        measured[detection, at.M_Y],
        measured[detection, at.M_A],
        measured[detection, at.M_H],
    )
    third, fourth = state_of_box(ints[slot, at.KIND], a, h)
    correct(floats, ints, coupled, slot, x, y, third, fourth)
    if delta_t > 0:
        observe(floats, ints, coupled, history, measured, slot, detection, frame, delta_t, clock)
        if params[at.P_CONFIDENCE] != 0.0:
            score, column = measured[detection, at.M_SCORE], int(params[at.P_CONFIDENCE])
            observe_score(floats, ints, history, slot, column, score, frame, clock)
        if params[at.P_AVERAGED] != 0.0:
            follow_mean(floats, ints, history, slot, clock)
    if params[at.P_UPDATES] != 0.0:
        keep_update(floats, history, slot, int(params[at.P_UPDATES]), False)
    if params[at.P_REID] != 0.0 and measured[detection, at.M_SCORE] >= params[at.P_HIGH]:
        keep_appearance(history, features, params, slot, int(measured[detection, at.M_INDEX]), SMOOTHING)
    if params[at.P_KEYPOINTS] != 0.0:
        keep_pose(history, features, params, slot, int(measured[detection, at.M_INDEX]), False)
    take_measurement(floats, ints, measured, slot, detection, frame, clock)
    ints[slot, at.LENGTH] = 0 if refound else ints[slot, at.LENGTH] + 1
    min_hits = params[at.P_MIN_HITS]
    if min_hits <= 1.0 or ints[slot, at.LENGTH] >= min_hits:
        ints[slot, at.ACTIVATED] = 1
    return refound


@inner
def apply_matches(
    floats: Floats,
    ints: Ints,
    coupled: Floats,
    history: Floats,
    measured: Floats,
    features: Floats,
    params: Floats,
    slots: Ints,
    detections: Ints,
    lists: Ints,
    counters: Ints,
    clock: float,
    align: bool,
) -> None:
    """Apply lists[L_ROW_MATCH] of an association of `slots` with `detections`.

    Tracks found again are appended to L_REFOUND; tracks without a match go to L_REST, detections without one to
    L_LEFT, both in order.
    """
    rest, left = 0, 0
    for i in range(len(slots)):
        j = lists[at.L_ROW_MATCH, i]
        if j < 0:
            lists[at.L_REST, rest] = slots[i]
            rest += 1
        elif apply_match(
            floats, ints, coupled, history, measured, features, params,
            slots[i], detections[j], counters[at.C_FRAME], clock, align,
        ):  # fmt: skip
            lists[at.L_REFOUND, counters[at.L_REFOUND]] = slots[i]
            counters[at.L_REFOUND] += 1
    for j in range(len(detections)):
        if lists[at.L_COL_MATCH, j] < 0:
            lists[at.L_LEFT, left] = detections[j]
            left += 1
    counters[at.L_REST], counters[at.L_LEFT] = rest, left


@inner
def keep_tracked(ints: Ints, lists: Ints, counters: Ints) -> None:
    """Drop from L_REST what is not Tracked: lost tracks take no part in the second association."""
    kept = 0
    for i in range(counters[at.L_REST]):
        slot = lists[at.L_REST, i]
        if ints[slot, at.STATE] == at.TRACKED:
            lists[at.L_REST, kept] = slot
            kept += 1
    counters[at.L_REST] = kept


@rare
def keep_high(measured: Floats, params: Floats, lists: Ints, counters: Ints) -> None:
    """Drop the low detections from L_HIGH and L_LEFT: new tracks take none, and none starts a track."""
    for which in (at.L_HIGH, at.L_LEFT):
        kept = 0
        for i in range(counters[which]):
            if measured[lists[which, i], at.M_SCORE] >= params[at.P_HIGH]:
                lists[which, kept] = lists[which, i]
                kept += 1
        counters[which] = kept


@inner
def copy_list(source: int, target: int, lists: Ints, counters: Ints) -> None:
    """Make list `target` the same as list `source`."""
    for i in range(counters[source]):
        lists[target, i] = lists[source, i]
    counters[target] = counters[source]


@inner
def mark_lost(ints: Ints, slots: Ints, lists: Ints, counters: Ints) -> None:
    """Make the tracks in `slots` Lost and append them to L_NEWLY_LOST."""
    for slot in slots:
        ints[slot, at.STATE] = at.LOST
        lists[at.L_NEWLY_LOST, counters[at.L_NEWLY_LOST]] = slot
        counters[at.L_NEWLY_LOST] += 1


@inner
def end_track(ints: Ints, slot: int, lists: Ints, counters: Ints) -> None:
    """Make one track Removed and note that it ended (slot and id)."""
    ints[slot, at.STATE] = at.REMOVED
    k = counters[at.L_ENDED_SLOT]
    lists[at.L_ENDED_SLOT, k], lists[at.L_ENDED_ID, k] = slot, ints[slot, at.ID]
    counters[at.L_ENDED_SLOT] = k + 1


@inner
def mark_removed(ints: Ints, slots: Ints, lists: Ints, counters: Ints) -> None:
    """Make the tracks in `slots` Removed and note that they ended (slot and id)."""
    for slot in slots:
        end_track(ints, slot, lists, counters)


@inner
def start_tracks(
    floats: Floats,
    ints: Ints,
    coupled: Floats,
    history: Floats,
    measured: Floats,
    features: Floats,
    detections: Ints,
    params: Floats,
    lists: Ints,
    counters: Ints,
    clock: float,
) -> None:
    """Start a track from each of `detections` that scores at least new_track_thresh.

    It is activated at once on the first frames only (as many as min_hits, normally one), later after min_hits matches.
    """
    frame, min_hits, delta_t = counters[at.C_FRAME], params[at.P_MIN_HITS], int(params[at.P_DELTA_T])
    kind = int(params[at.P_KIND])
    for detection in detections:
        if measured[detection, at.M_SCORE] < params[at.P_NEW]:
            continue
        counters[at.L_FREE] -= 1
        slot = lists[at.L_FREE, counters[at.L_FREE]]
        third, fourth = state_of_box(kind, measured[detection, at.M_A], measured[detection, at.M_H])
        initiate(floats, ints, slot, measured[detection, at.M_X], measured[detection, at.M_Y], third, fourth, kind)
        take_measurement(floats, ints, measured, slot, detection, frame, clock)
        ints[slot, at.ID], ints[slot, at.STATE] = at.UNNUMBERED, at.TRACKED
        if params[at.P_IDS_AT_BIRTH] != 0.0:
            counters[at.C_NEXT_ID] += 1
            ints[slot, at.ID] = counters[at.C_NEXT_ID]
        ints[slot, at.ACTIVATED], ints[slot, at.START] = 1 if frame <= min_hits or min_hits == 0.0 else 0, frame
        ints[slot, at.LENGTH], ints[slot, at.RETIRED], ints[slot, at.POOL] = 0, 0, at.IN_NONE
        if delta_t > 0:
            observe(floats, ints, coupled, history, measured, slot, detection, frame, delta_t, clock)
            if params[at.P_CONFIDENCE] != 0.0:
                score, column = measured[detection, at.M_SCORE], int(params[at.P_CONFIDENCE])
                observe_score(floats, ints, history, slot, column, score, frame, clock)
        if params[at.P_UPDATES] != 0.0:
            keep_update(floats, history, slot, int(params[at.P_UPDATES]), True)
        if params[at.P_REID] != 0.0:
            keep_appearance(history, features, params, slot, int(measured[detection, at.M_INDEX]), 0.0)
        if params[at.P_KEYPOINTS] != 0.0:
            keep_pose(history, features, params, slot, int(measured[detection, at.M_INDEX]), True)
        lists[at.L_BORN, counters[at.L_BORN]] = slot
        counters[at.L_BORN] += 1


@inner
def remove_stale(
    floats: Floats, ints: Ints, history: Floats, params: Floats, lists: Ints, counters: Ints, clock: float
) -> None:
    """Remove lost tracks not seen for more than the buffer (nominal frames), unless they were covered just now."""
    slack = 0.0 if params[at.P_CLASSIC] != 0.0 else at.SLACK
    for i in range(counters[at.L_LOST]):
        slot = lists[at.L_LOST, i]
        covered = params[at.P_UPDATES] != 0.0 and clock - history[slot, at.U_ONSET] <= params[at.P_REAPPEARING] + slack
        if clock - floats[slot, at.SEEN] > params[at.P_BUFFER] + slack and not covered:
            end_track(ints, slot, lists, counters)
