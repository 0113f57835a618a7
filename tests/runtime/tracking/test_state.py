"""Blocks grow by doubling and keep what is in them."""

import numpy as np

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.params import ByteTrackParams, OcSortParams, SortParams
from numa_runtime.tracking.state import State, pack_params


def test_growth_keeps_tracks_and_free_slots():
    state = State(ByteTrackParams(), 4)
    state.floats[:, at.X] = [1, 2, 3, 4]
    state.counters[at.L_FREE] = 2  # two slots are taken
    state.make_coupled()
    state.make_room(9)
    assert state.capacity == 16
    assert state.floats[:4, at.X].tolist() == [1, 2, 3, 4]
    assert len(state.coupled) == state.shapes.shape[1] == len(state.measured) == 16
    free = state.lists[at.L_FREE, : state.counters[at.L_FREE]]
    assert sorted(free) == [2, 3, *range(4, 16)]
    assert free[-1] == 2  # the oldest free slot is taken next, as without growth


def test_states_share_nothing():
    one, two = State(ByteTrackParams()), State(ByteTrackParams())
    assert not any(np.shares_memory(a, b) for a, b in zip(one.blocks, two.blocks, strict=True) if a.size)


def test_stage_two_is_iou_only_unless_classic():
    assert pack_params(ByteTrackParams())[at.P_FUSE + at.SECOND] == 0
    assert pack_params(ByteTrackParams(compat="classic"))[at.P_FUSE + at.SECOND] == 1


def test_what_a_tracker_does_not_have_is_switched_off():
    limits = {name: pack_params(params)[at.P_LIMIT : at.P_LIMIT + at.N_STAGES] >= 0 for name, params in (
        ("byte", ByteTrackParams()), ("sort", SortParams()), ("oc", OcSortParams()),
        ("oc+byte", OcSortParams(use_byte=True)),
    )}  # fmt: skip
    order = [at.FIRST, at.SECOND, at.RECOVERY, at.UNCONFIRMED, at.DUPLICATES]
    assert {name: on[order].tolist() for name, on in limits.items()} == {
        "byte": [True, True, False, True, True],
        "sort": [True, False, False, False, False],
        "oc": [True, False, True, True, True],
        "oc+byte": [True, True, True, True, True],
    }


def test_only_who_remembers_observations_has_room_for_them():
    assert State(ByteTrackParams()).history.size == 0
    state = State(OcSortParams(delta_t=4), 8)
    assert state.history.shape == (8, at.O_RING + 4 * at.RING)
    state.make_room(9)
    assert len(state.history) == 16
