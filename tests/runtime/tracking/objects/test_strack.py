"""`STrack`: what existing code reads from a track, sets on it and asks of it."""

import logging

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.objects import BYTETracker, KalmanFilterXYAH, STrack, TrackState

BOX = [35.0, 70, 50, 100, 4]  # centre, size, index
TURNED = [35.0, 70, 50, 100, 0.3, 4]


def started(frame=1, box=BOX):
    track = STrack(box, 0.9, 2)
    track.activate(KalmanFilterXYAH(), frame)
    return track


def test_a_detection_has_a_box_and_no_mean():
    track = STrack(BOX, 0.9, 2)
    assert track.tlwh.tolist() == track._tlwh.tolist() == [10, 20, 50, 100]
    assert track.xyxy.tolist() == [10, 20, 60, 120]
    assert track.xywh.tolist() == [35, 70, 50, 100]
    assert (track.mean, track.covariance, track.kalman_filter, track.angle) == (None, None, None, None)
    assert (track.score, track.cls, track.idx, track.state) == (0.9, 2, 4, TrackState.New)
    assert (track.is_activated, track.tracklet_len, track.track_id, track.frame_id) == (False, 0, 0, 0)


def test_states_are_the_published_numbers():
    assert [(s.name, int(s)) for s in TrackState] == [("New", 0), ("Tracked", 1), ("Lost", 2), ("Removed", 3)]


def test_activation_starts_the_textbook_filter():
    track = started()
    np.testing.assert_array_equal(track.mean, [35, 70, 0.5, 100, 0, 0, 0, 0])
    std = [2 * 100 / 20] * 2 + [1e-2, 2 * 100 / 20] + [10 * 100 / 160] * 2 + [1e-5, 10 * 100 / 160]
    np.testing.assert_allclose(track.covariance, np.diag(np.square(std)))
    assert (track.state, track.start_frame, track.end_frame) == (TrackState.Tracked, 1, 1)
    assert (started(1).is_activated, started(2).is_activated) == (True, False)


def test_its_life_counts_frames():
    track, later = started(), STrack([40.0, 70, 50, 100, 0], 0.5, 1)
    name = track.track_id
    track.predict()
    track.update(later, 2)
    assert (track.tracklet_len, track.frame_id, track.score, track.cls, track.idx) == (1, 2, 0.5, 1, 0)
    assert 35 < track.mean[0] < 40
    assert track.mean[4] > 0
    assert repr(track) == f"OT_{name}_(1-2)"
    track.mark_lost()
    track.re_activate(later, 5)
    assert (track.state, track.tracklet_len, track.track_id, track.is_activated) == (1, 0, name, True)
    track.re_activate(later, 6, new_id=True)
    assert track.track_id == name + 1
    track.mark_removed()
    assert track.state == TrackState.Removed
    row = track.result
    assert row == [*track.xyxy.tolist(), name + 1, 0.5, 1, 0]


def test_a_rotated_track_has_an_angle():
    track = started(box=TURNED)
    assert track.angle == 0.3
    np.testing.assert_allclose(track.xywha, [35, 70, 50, 100, 0.3])
    assert track.result[:5] == track.xywha.tolist()
    exchanged = STrack([35.0, 70, 100, 50, 0.3 + np.pi / 2, 0], 0.9, 2)
    track.update(exchanged, 2)
    np.testing.assert_allclose(track.xywha, [35, 70, 50, 100, 0.3])
    assert len(track.result) == 9


def test_without_an_angle_xywha_is_xywh_and_says_so(caplog):
    with caplog.at_level(logging.WARNING):
        assert started().xywha.tolist() == [35, 70, 50, 100]
    assert "has no angle: xywha is xywh" in caplog.text


@pytest.mark.parametrize(
    ("xywh", "sentence"),
    [
        ([1, 2, 3, 4], "STrack takes 5 numbers (x, y, w, h, index) or 6 (angle before the index), not 4"),
        ([1, 2, np.nan, 4, 0], "is not finite"),
    ],
)
def test_what_is_no_box_is_refused(xywh, sentence):
    with pytest.raises(TrackerError) as error:
        STrack(xywh, 0.9, 0)
    assert sentence in error.value.what


def test_mean_and_covariance_are_assigned_whole():
    track = started()
    for name in ("mean", "covariance"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(track, name)[0] = 1
    before = track.mean
    track.mean = [1, 2, 0.5, 40, 5, 6, 0, 7]
    track.predict()
    assert track.mean[:4].tolist() == [6, 8, 0.5, 47]
    assert before.tolist() == [35, 70, 0.5, 100, 0, 0, 0, 0]
    track.covariance = np.diag([4.0, 4, 1, 4, 9, 9, 1, 9])
    assert track.covariance[4, 4] == 9
    coupled = np.diag([4.0, 5, 1, 4, 9, 8, 1, 9])
    coupled[0, 1] = coupled[1, 0] = 2
    track.covariance = coupled
    np.testing.assert_array_equal(track.covariance, coupled)
    coupled[0, 3] = coupled[3, 0] = 1
    with pytest.raises(TrackerError, match="correlates sizes with positions"):
        track.covariance = coupled
    track.mean = None
    assert track.covariance is None


def test_a_box_can_be_replaced_before_activation():
    track = STrack(BOX, 0.9, 2)
    track._tlwh = [0, 0, 20, 40]
    track.activate(None, 1)
    assert track.tlwh.tolist() == [0, 0, 20, 40]
    assert track.mean[:4].tolist() == [10, 20, 0.5, 40]


def test_coordinates_are_converted_for_the_filter():
    assert STrack.tlwh_to_xyah([10, 20, 50, 100]).tolist() == [35, 70, 0.5, 100]
    assert started().convert_coords([10, 20, 50, 100]).tolist() == [35, 70, 0.5, 100]


def test_setting_the_frame_postpones_the_end():
    tracker = BYTETracker({"track_buffer": 2})
    tracker.update(np.array([[10.0, 20, 60, 120, 0.9, 3]]))
    track = tracker.tracked_stracks[0]
    for _ in range(6):
        tracker.update([])
        track.frame_id = tracker.frame_id
    assert tracker.lost_stracks == [track]
    for _ in range(3):
        tracker.update([])
    assert tracker.removed_stracks == [track]


def test_a_filter_with_another_layout_keeps_its_own_numbers():
    class Sizes:
        """A filter of centre, width and height that believes every measurement and stands still."""

        def initiate(self, measurement):
            return np.append(measurement, np.zeros(4)), np.eye(8)

        def predict(self, mean, covariance):
            return mean, covariance + np.eye(8)

        def update(self, mean, covariance, measurement):
            return np.append(measurement, mean[4:]), np.eye(8)

    class Sized(STrack):
        def convert_coords(self, tlwh):
            x, y, w, h = tlwh
            return np.array([x + w / 2, y + h / 2, w, h])

        @property
        def tlwh(self):
            if self.mean is None:
                return self._tlwh
            x, y, w, h = self.mean[:4]
            return np.array([x - w / 2, y - h / 2, w, h])

    class Tracker(BYTETracker):
        track_class = Sized

        def get_kalmanfilter(self):
            return Sizes()

    tracker, rows = Tracker({}), np.array([[10.0, 20, 60, 120, 0.9, 3]])
    tracker.update(rows)
    tracks = tracker.update(rows + np.array([5, 5, 5, 5, 0, 0]))
    np.testing.assert_allclose(tracks[0, :5], [15, 25, 65, 125, 1])
    (track,) = tracker.tracked_stracks
    assert track.mean[:4].tolist() == [40, 75, 50, 100]
    STrack.multi_gmc([track], np.array([[0.0, -2, 10], [2, 0, 0]]))
    assert track.mean[:4].tolist() == [-140, 80, 100, 200]
    np.testing.assert_allclose(track.covariance, 4 * np.eye(8))
