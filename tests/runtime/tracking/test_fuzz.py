"""Whatever comes in: no exception, no NaN out, ids unique per frame, removed stays removed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.tracking.config import TrackerName
from numa_runtime.tracking.tracker import Tracker

SPECIAL = [0.0, -1.0, 1e-300, 1e12, -1e12, np.nan, np.inf, -np.inf, 1e-7, 1e9]


def frame_of(rng, rotated, wild):
    n = int(rng.integers(0, 12))
    low, size = rng.uniform(-50, 250, (n, 2)), np.exp(rng.normal(3.5, 1, (n, 2)))
    box = np.column_stack([low, size, rng.uniform(-9, 9, n)]) if rotated else np.column_stack([low, low + size])
    rows = np.column_stack([box, rng.choice([0.05, 0.1, 0.2, 0.25, 0.6, 1.0], n), rng.integers(0, 3, n)])
    if wild:
        hit = rng.uniform(size=rows.shape) < 0.08
        hit[:, -2:] = False
        rows[hit] = rng.choice(SPECIAL, hit.sum())
        rows[rng.uniform(size=n) < 0.05, -2] = np.nan
    return rows


def make_tracker(rng, name, per_class):
    parameters = {"per_class": per_class, "track_buffer": int(rng.integers(0, 8)), "min_hits": int(rng.integers(0, 4))}
    if name == "ocsort":
        parameters |= {"delta_t": int(rng.integers(1, 8)), "use_byte": bool(rng.integers(2)), "inertia": rng.uniform()}
    if name == "boosttrack":
        parameters |= {"with_reid": bool(rng.integers(2)), "proximity_thresh": rng.choice([0.0, 0.5])}
    if name == "botsort":
        parameters |= {"with_reid": bool(rng.integers(2)), "gmc_method": "none"}
        parameters |= {"proximity_thresh": rng.choice([0.0, 0.5]), "appearance_thresh": rng.uniform()}
    return Tracker(name, **parameters)


def run_one(seed, name, rotated, wild, per_class, timed):
    rng = np.random.default_rng(seed)
    tracker, gone, clock = make_tracker(rng, name, per_class), set(), 0.0
    for _ in range(25):
        clock += float(rng.choice([0, 1 / 30, 0.2, 5, 1e6])) if timed else 0.0
        warp = None
        if rng.uniform() < 0.2:
            warp = np.array([[1.0, 0, 0], [0, 1, 0]]) + rng.normal(0, 0.1, (2, 3)) * [[1, 1, 90]]
        rows = frame_of(rng, rotated, wild)
        features = rng.choice([0.0, 1.0, 1e200], (len(rows), 3)) if tracker.wants_features else None
        tracks = tracker.update(rows, timestamp=clock if timed else None, features=features, warp=warp)
        ids = tracks[:, -4].astype(int).tolist()
        assert np.isfinite(tracks).all()
        assert (tracks[:, 2:4] > (0 if rotated else tracks[:, :2])).all()
        assert len(set(ids)) == len(ids)
        assert not gone & set(ids)
        seen = tracks[tracks[:, -1] >= 0]
        assert len(seen) == len(tracks) or name == TrackerName.FASTTRACK  # the others report who has a detection
        assert len(set(seen[:, -1])) == len(seen)
        assert np.array_equal(rows[seen[:, -1].astype(int), -1], seen[:, -2])
        gone |= set(tracker.removed.tolist())
        state = tracker._state
        alive = np.concatenate([state.lists[0, : state.counters[0]], state.lists[1, : state.counters[1]]])
        assert np.isfinite(state.floats[alive]).all()
        assert not len(state.history) or np.isfinite(state.history[alive]).all()
        free = state.lists[2, : state.counters[2]]
        assert sorted([*alive, *free]) == list(range(state.capacity))


cases = given(
    st.integers(0, 2**32), st.sampled_from(TrackerName), st.booleans(), st.booleans(), st.booleans(), st.booleans()
)


@settings(deadline=None, max_examples=150)
@cases
def test_any_sequence(seed, name, rotated, wild, per_class, timed):
    run_one(seed, name, rotated, wild, per_class, timed)


@pytest.mark.slow
@settings(deadline=None, max_examples=10_000)
@cases
def test_ten_thousand_sequences(seed, name, rotated, wild, per_class, timed):
    run_one(seed, name, rotated, wild, per_class, timed)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.booleans())
def test_classic_never_raises_either(seed, rotated):
    rng, tracker = np.random.default_rng(seed), Tracker(compat="classic", track_buffer=2)
    for _ in range(25):
        tracks = tracker.update(frame_of(rng, rotated, True))
        ids = tracks[:, -4].tolist()
        assert len(set(ids)) == len(ids)
