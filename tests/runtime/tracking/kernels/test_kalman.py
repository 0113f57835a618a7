"""The decoupled filter is the textbook 8-state filter, camera warps included, with the aspect or the width in it."""

import numpy as np
import pytest
from plain_tracker import Filter

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.single import apply_match, predict, start_tracks, warp_tracks
from numa_runtime.tracking.params import ByteTrackParams
from numa_runtime.tracking.state import State


class Slot:
    """One track of a fresh state, and the kernels on it."""

    def __init__(self, z, kind="xyah"):
        self.state, self.kind = State(ByteTrackParams(state=kind)), kind
        self.state.make_coupled()
        self.measure(z)
        s = self.state
        s.counters[at.C_FRAME] = 1
        start_tracks(
            s.floats, s.ints, s.coupled, s.history, s.measured, s.features, np.array([0]), s.params, s.lists,
            s.counters, 0.0,
        )  # fmt: skip
        self.slot = int(s.lists[at.L_BORN, 0])
        self.slots = np.array([self.slot])

    def measure(self, z):
        x, y, third, h = z
        if self.kind == "xysr":
            third, h = h, np.sqrt(third / h)
        row = [x, y, third / h if self.wide else third, h, 0.9]
        self.state.measured[0, [at.M_X, at.M_Y, at.M_A, at.M_H, at.M_SCORE]] = row

    @property
    def wide(self):
        return self.kind in ("xywh", "xyxy")

    def predict(self, dt=1.0):
        predict(self.state.floats, self.state.ints, self.state.coupled, self.slots, dt, True)

    def warp(self, matrix):
        s = self.state
        warp_tracks(s.floats, s.ints, s.coupled, s.history, self.slots, matrix, 0)

    def correct(self, z, step):
        self.measure(z)
        s = self.state
        apply_match(
            s.floats, s.ints, s.coupled, s.history, s.measured, s.features, s.params, self.slot, 0, step, float(step),
            False,
        )  # fmt: skip

    @property
    def mean(self):
        return self.state.floats[self.slot, :8]

    @property
    def known_mean(self):
        return self.mean[:7] if self.kind == "xysr" else self.mean

    @property
    def coupled(self):
        return bool(self.state.ints[self.slot, at.COUPLED])

    @property
    def covariance(self):
        """The covariance numbers written out as (8, 8)."""
        f, out = self.state.floats[self.slot], np.zeros((8, 8))
        share = [0.5, 0.5, 2, 2] if self.kind == "xyxy" else [1, 1, 1, 1]
        for i in range(4):
            k = at.A00 if i == 2 or (i == 0 and self.wide) else at.P00
            own = share[i] * f[k : k + 3]
            out[i, i], out[i, i + 4], out[i + 4, i], out[i + 4, i + 4] = own[0], own[1], own[1], own[2]
        if self.kind == "xysr":
            out[3, 3], out[3, 7], out[7, 3], out[7, 7] = f[at.RATIO], 0, 0, 0
        if self.coupled:
            xx, xy, yy, xu, xv, yu, yv, uu, uv, vv = share[0] * self.state.coupled[self.slot]
            block = [[xx, xy, xu, xv], [xy, yy, yu, yv], [xu, yu, uu, uv], [xv, yv, uv, vv]]
            out[np.ix_([0, 1, 4, 5], [0, 1, 4, 5])] = block
        return out


def camera(rng, kind):
    turn, scale = rng.normal(0, 0.02), np.exp(rng.normal(0, 0.005))
    turn = 0.0 if kind == "zoom" else turn
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[c, -s, rng.normal(0, 3)], [s, c, rng.normal(0, 3)]])
    if kind == "affine":
        matrix[:, :2] += rng.normal(0, 0.005, (2, 2))
    return matrix


@pytest.mark.parametrize("kind", ["xyah", "xywh", "xyxy", "xysr"])
@pytest.mark.parametrize("camera_kind", ["none", "zoom", "similarity", "affine", "both"])
@pytest.mark.parametrize("uneven", [False, True])
def test_equals_the_textbook_filter_over_1000_steps(camera_kind, uneven, kind):
    rng = np.random.default_rng(3)
    start = np.array([640, 360, *{"xyah": (0.42, 180), "xysr": (13600.0, 0.42)}.get(kind, (75.0, 180))])
    swing = np.array([300, 150, *{"xyah": (0.05, 40), "xysr": (3000.0, 0.05)}.get(kind, (8.0, 40))])
    track, book = Slot(start, kind), Filter(start, kind)
    for step in range(1000):
        dt = float(rng.uniform(0.3, 3)) if uneven else 1.0
        track.predict(dt)
        book.predict(dt)
        if camera_kind != "none" and step % 3 == 0:
            in_turn = "zoom" if step < 150 else "similarity" if step < 300 else "affine"
            now = in_turn if camera_kind == "both" else camera_kind
            matrix = camera(rng, now)
            track.warp(matrix)
            book.warp(matrix)
        if rng.uniform() < 0.8:
            z = (start + swing * np.sin(step / 40 + np.arange(4))) * (1 + rng.normal(0, 0.01, 4))
            track.correct(z, step)
            book.correct(z)
        np.testing.assert_allclose(track.known_mean, book.mean[: len(track.known_mean)], rtol=1e-9, atol=1e-9)
        scale = float(np.diag(book.cov).max())
        np.testing.assert_allclose(track.covariance, book.cov, rtol=1e-9, atol=1e-9 * scale)
    assert track.coupled is (camera_kind in ("affine", "both") or (kind == "xywh" and camera_kind == "similarity"))


def test_a_track_that_is_not_tracked_keeps_its_height():
    track = Slot(np.array([10.0, 20.0, 0.5, 40.0]))
    track.mean[4:] = [1, 2, 0.01, 3]
    track.state.ints[track.slot, at.STATE] = at.LOST
    track.predict()
    np.testing.assert_allclose(track.mean, [11, 22, 0.51, 40, 1, 2, 0.01, 0])


def test_a_track_that_is_not_tracked_keeps_its_width_too_if_the_state_has_it():
    track = Slot(np.array([10.0, 20.0, 30.0, 40.0]), kind="xywh")
    track.mean[4:] = [1, 2, 3, 4]
    track.state.ints[track.slot, at.STATE] = at.LOST
    track.predict()
    np.testing.assert_allclose(track.mean, [11, 22, 30, 40, 1, 2, 0, 0])


def test_a_size_never_changes_its_sign():
    track = Slot(np.array([10.0, 20.0, 0.5, 40.0]))
    track.mean[4:] = [0, 0, -0.1, -5]
    track.predict(100.0)
    np.testing.assert_allclose(track.mean[[2, 3, 6, 7]], [0.5, 40, 0, 0])


def test_a_quarter_turn_moves_the_centre_and_leaves_the_sizes():
    quarter = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]])
    for kind, third in (("xyah", 0.5), ("xywh", 40.0), ("xyxy", 40.0)):
        track = Slot(np.array([10.0, 20.0, third, 80.0]), kind)
        track.warp(quarter)
        np.testing.assert_allclose(track.mean[:4], [-20, 10, third, 80])
        assert track.coupled is (kind == "xywh")  # x and y, whose noises differ, have changed places
