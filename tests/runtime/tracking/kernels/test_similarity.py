"""Angles live in one half turn; a warp turns them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.single import read_detections, warp_tracks
from numa_runtime.tracking.params import ByteTrackParams
from numa_runtime.tracking.state import State


@settings(deadline=None, max_examples=200)
@given(st.floats(-50, 50))
def test_an_angle_is_kept_in_one_half_turn(angle):
    state = State(ByteTrackParams(), 8)
    read_detections(np.array([[0.0, 0.0, 30.0, 10.0, angle, 0.9, 0.0]]), state.measured, False)
    kept = state.measured[0, at.M_ANGLE]
    assert -np.pi / 4 <= kept < 3 * np.pi / 4
    assert np.sin(kept - angle) ** 2 < 1e-18


def test_a_warp_turns_the_angle():
    state = State(ByteTrackParams(), 8)
    state.floats[0, at.ANGLE] = 0.2
    c, s = np.cos(0.3), np.sin(0.3)
    matrix = 2 * np.array([[c, -s, 0.0], [s, c, 0.0]])
    warp_tracks(state.floats, state.ints, state.coupled, state.history, np.array([0]), matrix, 0)
    assert np.isclose(state.floats[0, at.ANGLE], 0.5)
