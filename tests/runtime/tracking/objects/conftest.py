"""Scenes for the object surface."""

import numpy as np
import pytest

from numa_runtime.tracking.objects import BYTETracker

HOOKS = (
    "_split_detections", "_split_tracked", "_input_for", "_pre_first_associate", "_first_association",
    "_post_first_association", "_second_association", "_unconfirmed_association", "_init_new_tracks",
    "_remove_stale_lost", "_apply_match", "_apply_matches", "_format_output", "get_dists", "get_kalmanfilter",
    "init_track", "multi_predict",
)  # fmt: skip


def walk(seed, frames=40, objects=12, rotated=False):
    """Objects that drift, vanish and come back, with clutter, scores on both sides of the thresholds."""
    rng = np.random.default_rng(seed)
    centre, size = rng.uniform(0, 500, (objects, 2)), rng.uniform(30, 120, (objects, 2))
    speed = rng.normal(0, 3, (objects, 2))
    out = []
    for _ in range(frames):
        centre = centre + speed
        keep = rng.uniform(size=objects) > 0.15
        c = np.concatenate([centre[keep] + rng.normal(0, 1, (keep.sum(), 2)), rng.uniform(0, 500, (2, 2))])
        s = np.concatenate([size[keep], rng.uniform(30, 90, (2, 2))])
        tail = np.column_stack([rng.uniform(0.05, 1, len(c)), rng.integers(0, 2, len(c))])
        low, turn = c - s / 2, rng.uniform(-3, 3, len(c))
        box = np.column_stack([c, s, turn]) if rotated else np.column_stack([low, low + s])
        out.append(np.column_stack([box, tail]).astype(float))
    return out


def passing_on(*names):
    """Return a subclass whose hooks `names` call super() and count their calls."""

    def hook(name):
        def method(self, *args, **kwargs):
            self.__dict__.setdefault("calls", []).append(name)
            return getattr(super(made, self), name)(*args, **kwargs)

        return method

    made = type("PassingOn", (BYTETracker,), {name: hook(name) for name in names})
    return made


@pytest.fixture(scope="session")
def scene():
    return walk


@pytest.fixture(scope="session")
def subclass():
    return passing_on


@pytest.fixture(scope="session")
def hooks():
    return HOOKS
