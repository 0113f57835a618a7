"""The stage kernels, each callable from Python on its own; see the package's docstring."""

from __future__ import annotations

from numa_runtime.tracking.kernels import (
    assignment,
    association,
    detections,
    grid,
    kalman,
    overlap,
    pools,
    similarity,
    stages,
)
from numa_runtime.tracking.kernels import step as chain
from numa_runtime.tracking.kernels.inner import alone

read_detections = alone(detections.read_detections)
split_detections = alone(detections.split_detections)
split_tracked = alone(stages.split_tracked)
predict = alone(kalman.predict)
correct = alone(kalman.correct)
initiate = alone(kalman.initiate)
warp_tracks = alone(kalman.warp_tracks)
shape_tracks = alone(overlap.shape_tracks)
shape_detections = alone(overlap.shape_detections)
find_pairs = alone(grid.find_pairs)
solve = alone(assignment.solve)
assign_dense = alone(assignment.assign_dense)
associate = alone(association.associate)
apply_match = alone(stages.apply_match)
apply_matches = alone(stages.apply_matches)
keep_tracked = alone(stages.keep_tracked)
mark_lost = alone(stages.mark_lost)
mark_removed = alone(stages.mark_removed)
start_tracks = alone(stages.start_tracks)
remove_stale = alone(stages.remove_stale)
merge_pools = alone(pools.merge_pools)
drop_duplicates = alone(pools.drop_duplicates)
retire = alone(pools.retire)
format_tracks = alone(chain.format_tracks)
number_tracks = alone(chain.number_tracks)
obstacle = alone(chain.obstacle)
take_measurement = alone(stages.take_measurement)
keeps_decoupled = alone(similarity.keeps_decoupled)
