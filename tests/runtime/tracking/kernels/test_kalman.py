"""The decoupled filter is the textbook 8-state filter, camera warps included."""

import numpy as np
import pytest

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.single import apply_match, predict, start_tracks, warp_tracks
from numa_runtime.tracking.params import ByteTrackParams
from numa_runtime.tracking.state import State

POSITION, VELOCITY = 1 / 20, 1 / 160


class Textbook:
    """Constant velocity on (cx, cy, aspect, height): full mean (8,) and covariance (8, 8)."""

    def __init__(self, z):
        h = z[3]
        std = [2 * POSITION * h] * 2 + [1e-2, 2 * POSITION * h] + [10 * VELOCITY * h] * 2 + [1e-5, 10 * VELOCITY * h]
        self.mean, self.cov = np.concatenate([z, np.zeros(4)]), np.diag(np.square(std))

    def predict(self, dt):
        h = self.mean[3]
        motion = np.eye(8)
        motion[:4, 4:] = dt * np.eye(4)
        std = [POSITION * h] * 2 + [1e-2, POSITION * h] + [VELOCITY * h] * 2 + [1e-5, VELOCITY * h]
        self.mean = motion @ self.mean
        self.cov = motion @ self.cov @ motion.T + dt * np.diag(np.square(std))

    def correct(self, z):
        h = self.mean[3]
        noise = np.diag(np.square([POSITION * h, POSITION * h, 1e-1, POSITION * h]))
        see = np.eye(4, 8)
        gain = self.cov @ see.T @ np.linalg.inv(see @ self.cov @ see.T + noise)
        self.mean = self.mean + gain @ (z - see @ self.mean)
        self.cov = (np.eye(8) - gain @ see) @ self.cov

    def warp(self, matrix):
        linear, scale = matrix[:, :2], np.sqrt(abs(np.linalg.det(matrix[:, :2])))
        half = np.eye(4)
        half[:2, :2], half[3, 3] = linear, scale
        whole = np.kron(np.eye(2), half)
        self.mean = whole @ self.mean
        self.mean[:2] += matrix[:, 2]
        self.cov = whole @ self.cov @ whole.T


def covariance(state, slot):
    """Write the track's covariance numbers out as (8, 8)."""
    f, out = state.floats[slot, :], np.zeros((8, 8))
    for i in (0, 1, 3):
        out[i, i], out[i + 4, i + 4] = f[at.P00], f[at.P11]
        out[i, i + 4] = out[i + 4, i] = f[at.P01]
    out[2, 2], out[6, 6], out[2, 6], out[6, 2] = f[at.A00], f[at.A11], f[at.A01], f[at.A01]
    if state.ints[slot, at.COUPLED]:
        c = state.coupled[slot]
        xx, xy, yy, xu, xv, yu, yv, uu, uv, vv = c
        block = [[xx, xy, xu, xv], [xy, yy, yu, yv], [xu, yu, uu, uv], [xv, yv, uv, vv]]
        out[np.ix_([0, 1, 4, 5], [0, 1, 4, 5])] = block
    return out


def measure(state, z):
    state.measured[0, [at.M_X, at.M_Y, at.M_A, at.M_H, at.M_SCORE]] = [*z, 0.9]


def started(z):
    state = State(ByteTrackParams())
    state.make_coupled()
    measure(state, z)
    state.counters[at.C_FRAME] = 1
    start_tracks(
        state.floats, state.ints, state.measured, np.array([0]), state.params, state.lists, state.counters, 0.0
    )
    return state, int(state.lists[at.L_BORN, 0])


def camera(rng, kind):
    turn, scale = rng.normal(0, 0.02), np.exp(rng.normal(0, 0.005))
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[c, -s, rng.normal(0, 3)], [s, c, rng.normal(0, 3)]])
    if kind == "affine":
        matrix[:, :2] += rng.normal(0, 0.005, (2, 2))
    return matrix


@pytest.mark.parametrize("kind", ["none", "similarity", "affine", "both"])
@pytest.mark.parametrize("uneven", [False, True])
def test_equals_the_textbook_filter_over_1000_steps(kind, uneven):
    rng = np.random.default_rng(3)
    z = np.array([640.0, 360.0, 0.42, 180.0])
    state, slot = started(z)
    slots, book = np.array([slot]), Textbook(z)
    for step in range(1000):
        dt = float(rng.uniform(0.3, 3)) if uneven else 1.0
        predict(state.floats, state.ints, state.coupled, slots, dt, True)
        book.predict(dt)
        if kind != "none" and step % 3 == 0:
            matrix = camera(rng, "similarity" if kind == "similarity" or (kind == "both" and step < 300) else "affine")
            warp_tracks(state.floats, state.ints, state.coupled, slots, matrix)
            book.warp(matrix)
        if rng.uniform() < 0.8:
            path = np.array([640, 360, 0.42, 180]) + np.array([300, 150, 0.05, 40]) * np.sin(step / 40 + np.arange(4))
            z = path * (1 + rng.normal(0, 0.01, 4))
            measure(state, z)
            apply_match(state.floats, state.ints, state.coupled, state.measured, slot, 0, step, float(step), False)
            book.correct(z)
        np.testing.assert_allclose(state.floats[slot, :8], book.mean, rtol=1e-9, atol=1e-9)
        ours, scale = covariance(state, slot), np.sqrt(np.diag(book.cov))
        np.testing.assert_allclose(ours, book.cov, rtol=1e-9, atol=1e-9 * float(scale.max() ** 2))
    assert bool(state.ints[slot, at.COUPLED]) is (kind in ("affine", "both"))


def test_a_track_that_is_not_tracked_keeps_its_height():
    state, slot = started(np.array([10.0, 20.0, 0.5, 40.0]))
    state.floats[slot, at.VX : at.VH + 1] = [1, 2, 0.01, 3]
    state.ints[slot, at.STATE] = at.LOST
    predict(state.floats, state.ints, state.coupled, np.array([slot]), 1.0, True)
    np.testing.assert_allclose(state.floats[slot, :8], [11, 22, 0.51, 40, 1, 2, 0.01, 0])


def test_a_size_never_changes_its_sign():
    state, slot = started(np.array([10.0, 20.0, 0.5, 40.0]))
    state.floats[slot, at.VX : at.VH + 1] = [0, 0, -0.1, -5]
    predict(state.floats, state.ints, state.coupled, np.array([slot]), 100.0, True)
    np.testing.assert_allclose(state.floats[slot, [at.A, at.H, at.VA, at.VH]], [0.5, 40, 0, 0])


def test_a_quarter_turn_moves_the_centre_and_leaves_the_sizes():
    state, slot = started(np.array([10.0, 20.0, 0.5, 80.0]))
    warp_tracks(
        state.floats, state.ints, state.coupled, np.array([slot]), np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]])
    )
    np.testing.assert_allclose(state.floats[slot, :4], [-20, 10, 0.5, 80])
    assert not state.ints[slot, at.COUPLED]
