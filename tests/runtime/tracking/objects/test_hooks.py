"""Each hook, overridden on its own, is called with what it should get, and what it does counts."""

import logging

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.objects import BYTETracker, KalmanFilterXYAH, STrack, TrackState, sub_stracks
from numa_runtime.tracking.params.associations import Stage

A, B = [10.0, 20, 60, 120, 0.9, 0], [300.0, 20, 350, 120, 0.8, 1]
BOTH = np.array([A, B])
NONE = np.zeros((0, 6))


def ids(tracks):
    return tracks[:, -4].astype(int).tolist()


def weak(row, score=0.2):
    return [*row[:4], score, row[5]]


def test_each_hook_is_called_when_overridden_alone(hooks, subclass):
    for name in hooks:
        tracker = subclass(name)({})
        for rows in (BOTH, BOTH, np.array([A, weak(B)]), NONE, BOTH):
            tracker.update(rows)
        assert set(tracker.calls) == {name}
        assert ids(tracker.update(BOTH)) == [1, 2]


def test_a_hook_put_on_the_instance_is_called():
    tracker = BYTETracker({})
    tracker.update(BOTH)
    tracker._format_output = lambda: "mine"
    assert tracker.update(BOTH) == "mine"
    del tracker._format_output
    assert ids(tracker.update(BOTH)) == [1, 2]


def test_split_detections_chooses_high_and_low():
    class ByClass(BYTETracker):
        def _split_detections(self, results):
            high = results.cls == 1
            return results[high], results[~high], high, ~high

    tracker = ByClass({})
    assert tracker.update(BOTH)[:, 7].tolist() == [1]
    assert tracker.update(BOTH)[:, 6:].tolist() == [[1, 1]]


def test_split_tracked_decides_who_is_unconfirmed():
    class NobodyConfirmed(BYTETracker):
        def _split_tracked(self):
            return self.tracked_stracks, []

    tracker = NobodyConfirmed({})
    tracker.update(BOTH)
    assert ids(tracker.update(BOTH[:1])) == [1]
    assert [t.track_id for t in tracker.removed_stracks] == [2]  # unmatched unconfirmed ones go at once


def test_input_for_reaches_init_track():
    given = []

    class Watching(BYTETracker):
        def _input_for(self, img, feats, mask):
            return (img, None if feats is None else feats[mask].tolist(), mask.tolist())

        def init_track(self, results, img=None):
            given.append(img)
            return super().init_track(results, img)

    Watching({}).update(np.array([A, weak(B)]), img="image", feats=np.array([7, 8]))
    assert given == [("image", [7], [True, False]), ("image", [8], [False, True])]
    given.clear()

    class Default(Watching):
        _input_for = BYTETracker._input_for

    Default({}).update(BOTH, img="image")
    Default({}).update(BOTH, img="image", feats=np.array([7, 8]))
    assert given[:2] == ["image", "image"]
    assert [g.tolist() for g in given[2:]] == [[7, 8], []]


def test_init_track_may_drop_detections():
    class Large(BYTETracker):
        def init_track(self, results, img=None):
            return [t for t in super().init_track(results, img) if t.xywh[2] > 40]

    tracker = Large({})
    assert tracker.update(np.array([A, [0, 0, 30, 30, 0.9, 0], B]))[:, 7].tolist() == [0, 2]


def test_init_track_may_make_tracks_of_its_own():
    class Grown(BYTETracker):
        def init_track(self, results, img=None):
            boxes = results.xywh * [1, 1, 2, 2]
            return [
                STrack([*box, i], s, c)
                for box, i, s, c in zip(boxes, results.index, results.conf, results.cls, strict=True)
            ]

    tracker = Grown({})
    for _ in range(2):
        tracks = tracker.update(BOTH)
    np.testing.assert_allclose(tracks, [[-15, -30, 85, 170, 1, 0.9, 0, 0], [275, -30, 375, 170, 2, 0.8, 1, 1]])


def test_multi_predict_may_stand_still():
    class Still(BYTETracker):
        def multi_predict(self, tracks):
            pass

    moving, still = BYTETracker({}), Still({})
    for tracker in (moving, still):
        for i in range(5):
            tracker.update(BOTH + np.array([6 * i, 0, 6 * i, 0, 0, 0]))
        before = tracker.tracked_stracks[0].mean
        tracker.update(NONE)
        assert bool(tracker.lost_stracks[0].mean[0] == before[0]) is (tracker is still)


def test_pre_first_associate_may_move_the_camera():
    shift = np.array([[1.0, 0, 500], [0, 1, 0]])

    class Panning(BYTETracker):
        def _pre_first_associate(self, strack_pool, unconfirmed, img, results_high):
            assert len(results_high) == len(results_high.xyxy) == 2
            STrack.multi_gmc([*strack_pool, *unconfirmed], shift if img == "moved" else np.eye(2, 3))

    tracker, plain = Panning({}), BYTETracker({})
    moved = BOTH + np.array([500, 0, 500, 0, 0, 0])
    for each in (tracker, plain):
        each.update(BOTH)
    assert ids(tracker.update(moved, "moved")) == [1, 2]
    assert ids(plain.update(moved, "moved")) == []


def test_a_gmc_attribute_is_used_and_its_failure_is_said(caplog):
    class Camera:
        method = "sparseOptFlow"

        def apply(self, img, boxes):
            if img == "broken":
                raise ValueError("no features")
            return np.array([[1.0, 0, 500], [0, 1, 0]])

    tracker = BYTETracker({})
    tracker.gmc = Camera()
    tracker.update(BOTH)
    moved = BOTH + np.array([500, 0, 500, 0, 0, 0])
    assert ids(tracker.update(moved, "image")) == [1, 2]
    with caplog.at_level(logging.WARNING):
        assert ids(tracker.update(moved, "broken")) == [1, 2]
    assert "camera motion failed, none is assumed: no features" in caplog.text


def test_get_dists_may_forbid_a_pair():
    stages = []

    class Never(BYTETracker):
        def get_dists(self, tracks, detections):
            stages.append(self.stage)
            costs = super().get_dists(tracks, detections)
            assert costs.shape == (len(tracks), len(detections))
            costs[[t.track_id == 1 for t in tracks]] = 1.0
            return costs

    tracker = Never({})
    tracker.update(BOTH)
    assert ids(tracker.update(BOTH)) == [2]
    assert [t.track_id for t in tracker.lost_stracks] == [1]
    tracker.update(np.array([weak(B), [600.0, 20, 650, 120, 0.8, 1]]))
    tracker.update(np.array([B, [600.0, 20, 650, 120, 0.8, 1]]))
    assert set(stages) == {Stage.FIRST, Stage.SECOND, Stage.UNCONFIRMED}


def test_first_association_may_refuse_everything():
    class Refusing(BYTETracker):
        def _first_association(self, strack_pool, detections, activated, refind):
            return list(range(len(strack_pool))), list(range(len(detections)))

    tracker = Refusing({})
    tracker.update(BOTH)
    assert ids(tracker.update(BOTH)) == []
    assert [t.track_id for t in tracker.lost_stracks] == [1, 2]


def test_post_first_association_may_change_what_is_left():
    class Rescue(BYTETracker):
        def _post_first_association(self, strack_pool, detections, u_track, u_detection, activated, refind):
            if u_track and u_detection:  # the first track left takes the first detection left, wherever it is
                self._apply_match(strack_pool[u_track[0]], detections[u_detection[0]], activated, refind)
                return u_track[1:], u_detection[1:]
            return u_track, u_detection

    tracker = Rescue({})
    tracker.update(BOTH)
    tracks = tracker.update(np.array([A, [*(np.array(B[:4]) + 150), 0.8, 1]]))
    assert ids(tracks) == [1, 2]
    assert tracks[1, 0] > 400


def test_second_association_may_be_left_out():
    class HighOnly(BYTETracker):
        def _second_association(self, strack_pool, u_track, detections_second, activated, refind, lost):
            super()._second_association(strack_pool, u_track, [], activated, refind, lost)

    low = np.array([A, weak(B)])
    for kind, expected in ((HighOnly, [1]), (BYTETracker, [1, 2])):
        tracker = kind({})
        tracker.update(BOTH)
        assert ids(tracker.update(low)) == expected


def test_unconfirmed_association_may_keep_everybody():
    class Patient(BYTETracker):
        def _unconfirmed_association(self, unconfirmed, u_detection, detections, activated, removed):
            left = super()._unconfirmed_association(unconfirmed, u_detection, detections, activated, removed)
            for track in removed:
                track.state = TrackState.Tracked
            activated.extend(removed)
            removed.clear()
            return left

    for kind, expected in ((Patient, [1]), (BYTETracker, [])):
        tracker = kind({})
        for rows in (NONE, BOTH[:1], NONE, BOTH[:1]):
            tracks = tracker.update(rows)
        assert ids(tracks) == expected


def test_init_new_tracks_may_start_nothing():
    class Closed(BYTETracker):
        def _init_new_tracks(self, u_detection, detections, activated, refind=None):
            if self.frame_id == 1:
                super()._init_new_tracks(u_detection[:1], detections, activated, refind)

    tracker = Closed({})
    for _ in range(3):
        assert ids(tracker.update(BOTH)) == [1]


def test_remove_stale_lost_may_keep_a_favourite():
    class Loyal(BYTETracker):
        def _remove_stale_lost(self, removed):
            for track in self.lost_stracks:
                if track.track_id != 1 and self.frame_id - track.end_frame > self.max_frames_lost:
                    track.mark_removed()
                    removed.append(track)

    tracker = Loyal({"track_buffer": 1})
    tracker.update(BOTH)
    for _ in range(4):
        tracker.update(NONE)
    assert [t.track_id for t in tracker.lost_stracks] == [1]
    assert [t.track_id for t in tracker.removed_stracks] == [2]
    assert ids(tracker.update(BOTH)) == [1]


def test_apply_match_may_add_to_a_track():
    class Scores(BYTETracker):
        def _apply_match(self, track, det, activated, refind):
            best = max(track.score, det.score)
            super()._apply_match(track, det, activated, refind)
            track.score = best

    tracker = Scores({})
    tracker.update(BOTH)
    assert tracker.update(np.array([weak(A, 0.5), weak(B, 0.95)]))[:, 5].tolist() == pytest.approx([0.9, 0.95])


def test_apply_matches_may_skip_some():
    class OneOnly(BYTETracker):
        def _apply_matches(self, matches, pool, detections, activated, refind):
            super()._apply_matches(matches[:1], pool, detections, activated, refind)

    tracker = OneOnly({})
    tracker.update(BOTH)
    tracker.update(BOTH)
    assert [t.frame_id for t in tracker.tracked_stracks] == [2, 1]


def test_format_output_is_what_update_returns():
    class Ids(BYTETracker):
        def _format_output(self):
            return {t.track_id for t in self.tracked_stracks}

    assert Ids({}).update(BOTH) == {1, 2}


class Painted(STrack):
    made = 0

    def __init__(self, xywh, score, cls):
        super().__init__(xywh, score, cls)
        Painted.made += 1
        self.colour = f"colour {Painted.made}"


def test_a_track_class_of_ones_own_keeps_its_attributes():
    class WithColours(BYTETracker):
        track_class = Painted

    tracker = WithColours({"track_buffer": 1})
    tracker.update(BOTH)
    colours = [t.colour for t in tracker.tracked_stracks]
    tracks = list(tracker.tracked_stracks)
    tracker.update(BOTH)
    tracker.update(BOTH[:1])
    tracker.update(BOTH)
    assert all(isinstance(t, Painted) for t in tracker.tracked_stracks)
    assert [t.colour for t in tracker.tracked_stracks] == colours
    assert tracker.tracked_stracks == tracks
    for _ in range(3):
        tracker.update(NONE)
    assert [t.colour for t in tracker.removed_stracks] == colours


def test_a_track_class_may_change_its_box_and_its_result():
    class Wide(STrack):
        def __init__(self, xywh, score, cls):
            super().__init__(np.asarray(xywh) * [1, 1, 2, 1, 1], score, cls)

        @property
        def result(self):
            return [*self.xywh, self.track_id, self.score, self.cls, self.idx]

    class Tracker(BYTETracker):
        track_class = Wide

    np.testing.assert_allclose(
        Tracker({}).update(BOTH), [[35, 70, 100, 100, 1, 0.9, 0, 0], [325, 70, 100, 100, 2, 0.8, 1, 1]]
    )


def test_a_track_class_may_predict_in_its_own_way(scene):
    class Written(STrack):
        @staticmethod
        def multi_predict(stracks):
            """As existing code does it: read all, predict through the shared filter, write all."""
            means = [t.mean.copy() for t in stracks]
            for mean, t in zip(means, stracks, strict=True):
                mean[7] = mean[7] if t.state == TrackState.Tracked else 0
            moved = STrack.shared_kalman.multi_predict(means, [t.covariance for t in stracks])
            for t, mean, covariance in zip(stracks, *moved, strict=True):
                t.mean, t.covariance = mean, covariance

    class Tracker(BYTETracker):
        track_class = Written

    mine, fast = Tracker({"compat": "classic"}), BYTETracker({"compat": "classic"})
    for frame in scene(7):
        np.testing.assert_allclose(mine.update(frame), fast.update(frame), rtol=1e-6)


class Heavy(KalmanFilterXYAH):
    """Believes measurements not at all."""

    def update(self, mean, covariance, measurement):
        return mean, covariance


def test_a_filter_of_ones_own_is_handed_to_the_tracks_and_used():
    class Stubborn(BYTETracker):
        def get_kalmanfilter(self):
            return Heavy()

    tracker = Stubborn({})
    for i in range(4):
        tracks = tracker.update(BOTH + np.array([2 * i, 0, 2 * i, 0, 0, 0]))
    assert tracks[:, :4].tolist() == BOTH[:, :4].tolist()
    assert all(t.kalman_filter is tracker.kalman_filter for t in tracker.tracked_stracks)
    assert isinstance(tracker.kalman_filter, Heavy)


def test_our_filter_through_its_matrices_equals_the_kernels(scene):
    class Written(KalmanFilterXYAH):
        pass

    class Full(BYTETracker):
        def get_kalmanfilter(self):
            return Written()

    full, fast = Full({"track_buffer": 5}), BYTETracker({"track_buffer": 5})
    for frame in scene(2):
        a, b = full.update(frame), fast.update(frame)
        np.testing.assert_allclose(a, b, rtol=1e-5)
        for one, two in zip(full.tracked_stracks, fast.tracked_stracks, strict=True):
            np.testing.assert_allclose(one.covariance, two.covariance, rtol=1e-9)


def test_what_is_no_filter_is_refused():
    class Wrong(BYTETracker):
        def get_kalmanfilter(self):
            return object()

    with pytest.raises(TrackerError) as error:
        Wrong({}).update(BOTH)
    assert error.value.what == "get_kalmanfilter() returned a object, which has no initiate, predict, update"


def test_pool_functions_of_ones_own_are_called(scene):
    called = []

    class Sets(BYTETracker):
        @staticmethod
        def joint_stracks(a, b):
            called.append("joint")
            return BYTETracker.joint_stracks(a, b)

        @staticmethod
        def remove_duplicate_stracks(a, b):
            called.append("duplicates")
            return BYTETracker.remove_duplicate_stracks(a, b)

    for compat in ("modern", "classic"):
        mine, fast = (kind({"track_buffer": 3, "compat": compat}) for kind in (Sets, BYTETracker))
        for frame in scene(4, frames=60):
            assert np.array_equal(mine.update(frame), fast.update(frame))
            for name in ("tracked_stracks", "lost_stracks", "removed_stracks"):
                one, two = ([(t.track_id, t.state) for t in getattr(x, name)] for x in (mine, fast))
                assert (one == two) or (compat == "modern" and sorted(one) == sorted(two))
    assert set(called) == {"joint", "duplicates"}


def test_removed_by_hand_is_final():
    class Banning(BYTETracker):
        def _post_first_association(self, strack_pool, detections, u_track, u_detection, activated, refind):
            for track in [t for t in activated if t.cls == 1]:
                track.mark_removed()
                activated.remove(track)
            return u_track, u_detection

    tracker = Banning({})
    tracker.update(BOTH)
    assert ids(tracker.update(BOTH)) == [1]
    assert tracker.lost_stracks == []
    free = tracker._store.counters[2]
    assert free + len(tracker.tracked_stracks) == tracker._store.state.capacity


def test_slots_do_not_leak_whatever_hooks_do(scene):
    rng = np.random.default_rng(0)

    class Careless(BYTETracker):
        def _apply_match(self, track, det, activated, refind):
            super()._apply_match(track, det, activated, [] if rng.uniform() < 0.3 else refind)

        def _init_new_tracks(self, u_detection, detections, activated, refind=None):
            super()._init_new_tracks(u_detection, detections, activated if rng.uniform() < 0.7 else [])

        def _post_first_association(self, strack_pool, detections, u_track, u_detection, activated, refind):
            for track in strack_pool:
                if rng.uniform() < 0.1:
                    track.mark_lost()
            if rng.uniform() < 0.05:
                raise RuntimeError("a hook that fails")
            return u_track, u_detection

    tracker = Careless({"track_buffer": 2})
    for frame in scene(6, frames=150):
        try:
            tracker.update(frame)
        except RuntimeError:
            continue
        store = tracker._store
        alive = [*store.read(0), *store.read(1)]
        free = store.read(2)
        assert sorted({*alive, *free}) == list(range(store.state.capacity))
        assert len(alive) + len(free) == store.state.capacity
        assert not sub_stracks(tracker.tracked_stracks, tracker.tracked_stracks)
