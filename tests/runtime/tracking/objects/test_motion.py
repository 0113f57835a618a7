"""Camera motion and prediction on tracks of several homes."""

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.objects import BYTETracker, STrack, multi_gmc
from numa_runtime.tracking.tracker import Tracker

QUARTER = np.array([[0.0, -1, 0], [1, 0, 0]])
ROWS = np.array([[10.0, 20, 60, 120, 0.9, 3]])


def alone():
    track = STrack([10, 20, 40, 80, 0], 0.9, 0)
    track.activate(None, 1)
    return track


def test_a_quarter_turn_moves_the_centre_and_keeps_the_size():
    track = alone()
    multi_gmc([track], QUARTER)
    np.testing.assert_allclose(track.mean, [-20, 10, 0.5, 80, 0, 0, 0, 0], atol=1e-12)
    multi_gmc([track])
    np.testing.assert_allclose(track.mean[:4], [-20, 10, 0.5, 80], atol=1e-12)


@pytest.mark.parametrize("warp", [QUARTER, np.array([[1.3, 0.1, 5], [0.0, 0.8, -3]])])
def test_it_is_the_cores_and_reaches_tracks_anywhere(warp):
    class Moving(BYTETracker):
        def _pre_first_associate(self, strack_pool, unconfirmed, img, results_high):
            multi_gmc([outside, *strack_pool, *unconfirmed], img)

    outside = alone()
    tracker, core = Moving({}), Tracker(ids="born", state="xyah")
    tracker.update(ROWS, np.eye(2, 3))
    core.update(ROWS)
    moved = tracker.update(ROWS[:0], warp), core.update(ROWS[:0], warp=warp)
    assert moved[0].shape == moved[1].shape == (0, 8)
    state, (track,) = core._state, tracker.lost_stracks
    assert track.mean.tolist() == state.floats[0, :8].tolist()
    assert np.array_equal(state.coupled[:1], tracker._store.coupled[:1])
    lone = alone()
    for matrix in (np.eye(2, 3), warp):
        multi_gmc([lone], matrix)
    assert outside.mean.tolist() == lone.mean.tolist()
    np.testing.assert_array_equal(outside.covariance, lone.covariance)
    whole = np.kron(np.eye(2), np.block([[warp[:, :2], np.zeros((2, 2))], [np.zeros((2, 2)), np.eye(2)]]))
    expected = whole @ alone().covariance @ whole.T
    np.testing.assert_allclose(lone.covariance[:2, :2], expected[:2, :2], rtol=1e-12, atol=1e-12)


def test_a_bad_warp_is_refused():
    with pytest.raises(TrackerError, match="flattens the image"):
        multi_gmc([alone()], np.zeros((2, 3)))


def test_a_detection_without_a_mean_stays_where_it_is():
    detection = STrack([10, 20, 40, 80, 0], 0.9, 0)
    multi_gmc([detection], QUARTER)
    STrack.multi_predict([detection])
    assert detection.xywh.tolist() == [10, 20, 40, 80]


def test_a_lost_track_keeps_its_height():
    track, lost = alone(), alone()
    lost.mark_lost()
    for each in (track, lost):
        each.mean = [10, 20, 0.5, 80, 1, 2, 0, 3]
    STrack.multi_predict([track, lost])
    assert track.mean[:4].tolist() == [11, 22, 0.5, 83]
    assert lost.mean[:4].tolist() == [11, 22, 0.5, 80]


@pytest.mark.parametrize("rotated", [False, True])
@pytest.mark.parametrize("stretch", [0.0, 0.03])
def test_a_moving_camera_by_hooks_is_the_cores_bit_for_bit(scene, rotated, stretch):
    class Moving(BYTETracker):
        def _pre_first_associate(self, strack_pool, unconfirmed, img, results_high):
            multi_gmc([*strack_pool, *unconfirmed], img)

    rng = np.random.default_rng(0)
    core, hooked = Tracker(track_buffer=5, ids="born", state="xyah"), Moving({"track_buffer": 5})
    for frame in scene(9, rotated=rotated):
        turn, shift = rng.normal(0, 0.01), rng.normal(0, 4, 2)
        warp = np.array([[1 + stretch, -turn, shift[0]], [turn, 1.0 - stretch, shift[1]]])
        expected = core.update(frame, warp=warp).astype(np.float32)
        assert np.array_equal(hooked.update(frame, warp), expected)
