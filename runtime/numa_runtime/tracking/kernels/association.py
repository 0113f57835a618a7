"""One association: tracks with detections (or with tracks), from boxes to matches."""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.assignment import solve
from numa_runtime.tracking.kernels.boosts import boost
from numa_runtime.tracking.kernels.confidence import add_all_cues, add_falling_score, add_weak_cues
from numa_runtime.tracking.kernels.costs import add_momentum, gate_of_appearance, take_appearance
from numa_runtime.tracking.kernels.grid import find_pairs
from numa_runtime.tracking.kernels.heights import modulate
from numa_runtime.tracking.kernels.inner import inner
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.kernels.overlap import enlarge, shape_detections, shape_tracks
from numa_runtime.tracking.kernels.poses import take_poses
from numa_runtime.tracking.kernels.rounds import solve_rounds


@inner
def shape_both(
    floats: Floats, ints: Ints, history: Floats, measured: Floats, rows: Ints, columns: Ints, shapes: Floats,
    params: Floats, stage: int, rotated: bool, gate: float,
) -> None:  # fmt: skip
    """Write the boxes that `stage` compares into `shapes`: of the tracks `rows`, and of `columns`."""
    if int(params[at.P_COST + stage]) == at.LAST_SEEN:
        shape_detections(history, rows, shapes[0], rotated, gate)  # the last ones, as they were measured
    else:
        shape_tracks(floats, ints, rows, shapes[0], rotated, gate)
    if stage in (at.COVERED, at.DUPLICATES):
        shape_tracks(floats, ints, columns, shapes[1], rotated, gate)
    else:
        shape_detections(measured, columns, shapes[1], rotated, gate)
    buffer = params[at.P_BUFFERED + stage]
    if buffer > 0.0:
        enlarge(shapes[0], len(rows), buffer, rotated)
        enlarge(shapes[1], len(columns), buffer, rotated)


@inner
def gate_of(cost: int, params: Floats, limit: float, rotated: bool) -> float:
    """Return the cost 1 - IoU below which every pair lies that may match, or that its `cost` has to see."""
    if cost == at.APPEARANCE:
        return gate_of_appearance(params, limit)
    if cost == at.ALL_CUES:
        return float(1.0 - params[at.P_NEAREST])
    if cost != at.BOOSTED:
        return limit
    if not rotated:
        return 1.0  # boxes that touch
    return float(max(limit, 1.0 - params[at.P_PROXIMITY] + 1e-9)) if params[at.P_REID] != 0.0 else limit


@inner
def associate(
    floats: Floats,
    ints: Ints,
    coupled: Floats,
    history: Floats,
    measured: Floats,
    features: Floats,
    params: Floats,
    stage: int,
    frame: int,
    clock: float,
    rows: Ints,
    columns: Ints,
    rotated: bool,
    shapes: Floats,
    lists: Ints,
    cells: Ints,
    pair_columns: Ints,
    pair_costs: Floats,
) -> int:
    """Associate the tracks in slots `rows` with the detections `columns` of `measured`, as `stage` has it.

    cost = 1 - IoU (probabilistic IoU if `rotated`), or 1 - IoU * score where the stage fuses scores; it must be
    below the stage's limit. Where the stage has a buffer both boxes are larger; where it goes by height the IoU of the
    heights comes in. LAST_SEEN compares with the last observed boxes. MOMENTUM and WEAK_CUES add to the pairs so found:
    they are gated by overlap alone, and the optimum is taken among them (the papers solve first and reject afterwards).
    FALLING_SCORE adds before the limit is looked at. APPEARANCE may lower the cost. BOOSTED has a similarity of its
    own (`boost`). Poses, where they count, become
    part of a predicted box's overlap before any of them (`take_poses`). Matches are written to lists[L_ROW_MATCH] and
    lists[L_COL_MATCH], -1 where there is none. For who is covered and for
    the duplicates, `columns` are slots too and the pairs are found but not matched.

    Returns the number of candidate pairs. If it exceeds len(pair_costs) nothing was matched: call again with
    larger `pair_columns` and `pair_costs`.
    """
    n, m = len(rows), len(columns)
    limit, fuse = params[at.P_LIMIT + stage], params[at.P_FUSE + stage] != 0.0
    of_tracks = stage in (at.COVERED, at.DUPLICATES)
    per_class = params[at.P_PER_CLASS] != 0.0 and stage != at.COVERED
    cost = int(params[at.P_COST + stage])
    alike = cost == at.APPEARANCE
    gate = gate_of(cost, params, limit, rotated)
    posed = params[at.P_KEYPOINTS] != 0.0 and cost != at.LAST_SEEN and not of_tracks
    if posed:
        gate = max(gate, 1.0)  # boxes that touch
    if n > 0 and m > 0:
        shape_both(floats, ints, history, measured, rows, columns, shapes, params, stage, rotated, gate)
    pairs = find_pairs(shapes, n, m, gate, fuse, per_class, rotated, lists, cells, pair_columns, pair_costs)
    if pairs > len(pair_costs) or of_tracks:
        return pairs
    if params[at.P_BY_HEIGHT + stage] != 0.0 and not rotated:
        modulate(n, 1.0 if cost == at.ALL_CUES else gate, shapes, lists, pair_columns, pair_costs)
    if posed:
        take_poses(
            history, features, measured, rows, columns, params, gate if alike or cost == at.BOOSTED else limit, fuse,
            lists, pair_columns, pair_costs,
        )  # fmt: skip
    if cost == at.MOMENTUM:
        add_momentum(history, measured, rows, columns, params, frame, lists, pair_columns, pair_costs)
        limit += 0.5 * params[at.P_INERTIA]
    elif cost == at.WEAK_CUES:
        add_weak_cues(
            floats, history, measured, rows, columns, params, frame, clock, lists, pair_columns, pair_costs
        )  # fmt: skip
        limit += 0.5 * params[at.P_INERTIA] + params[at.P_SCORE_WEIGHT]
    elif cost == at.FALLING_SCORE:
        add_falling_score(
            floats, ints, history, measured, rows, columns, params, frame, limit, lists, pair_columns, pair_costs
        )
    elif alike:
        take_appearance(
            history, features, measured, rows, columns, params, limit, fuse, lists, pair_columns, pair_costs
        )  # fmt: skip
    elif cost == at.BOOSTED:
        limit = boost(
            floats, ints, coupled, history, features, measured, rows, columns, params, frame, clock, limit, rotated,
            shapes, lists, pair_columns, pair_costs,
        )  # fmt: skip
    elif cost == at.ALL_CUES:
        add_all_cues(
            floats, ints, history, measured, rows, columns, params, frame, limit, lists, pair_columns, pair_costs
        )  # fmt: skip
        solve_rounds(n, m, limit, params[at.P_STEP], shapes, lists, pair_columns, pair_costs)
        return pairs
    solve(n, m, limit, shapes, lists, pair_columns, pair_costs)
    return pairs
