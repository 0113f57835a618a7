"""A crowd of people with keypoints, many of them out of sight."""

from __future__ import annotations

import numpy as np


def scene(rng, frames=30, objects=20, keypoints=17):
    """Yield crowded detections, their keypoints (n, K, 3), many of them out of sight, and each one's object."""
    centre, size = rng.uniform(0, 300, (objects, 2)), rng.uniform(40, 120, (objects, 2))
    speed, pose = rng.normal(0, 4, (objects, 2)), rng.uniform(-0.5, 0.5, (objects, keypoints, 2))
    for _ in range(frames):
        centre = centre + speed
        pose = np.clip(pose + rng.normal(0, 0.02, pose.shape), -0.5, 0.5)
        seen = np.flatnonzero(rng.uniform(size=objects) > 0.15)
        middle, sides = centre[seen] + rng.normal(0, 3, (len(seen), 2)), size[seen]
        points = middle[:, None] + pose[seen] * sides[:, None]
        visible = rng.uniform(size=points.shape[:2]) * (rng.uniform(size=len(seen)) > 0.2)[:, None] > 0.3
        tail = np.column_stack([rng.uniform(0.05, 1, len(seen)), rng.integers(0, 2, len(seen))])
        rows = np.column_stack([middle - sides / 2, middle + sides / 2, tail])
        yield rows, np.concatenate([points, visible[..., None]], axis=2), seen
