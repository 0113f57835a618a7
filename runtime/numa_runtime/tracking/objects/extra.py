"""Kernels of the core that only the object surface calls from Python (`kernels.single` has the others)."""

from __future__ import annotations

from numa_runtime.tracking.kernels import similarity, stages, step
from numa_runtime.tracking.kernels.inner import alone

obstacle = alone(step.obstacle)
take_measurement = alone(stages.take_measurement)
is_similarity = alone(similarity.is_similarity)
