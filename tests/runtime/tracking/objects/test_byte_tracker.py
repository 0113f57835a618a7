"""`BYTETracker`: by the compiled step or by its hooks, the same tracks as `Tracker`, bit for bit."""

import tarfile
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import shared_data

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.objects import BYTETracker, STrack, TrackState
from numa_runtime.tracking.tracker import Tracker

BOX = np.array([[10.0, 20, 60, 120, 0.9, 3]])
NONE = np.zeros((0, 6))


def lists(tracker):
    """Everything the three lists say."""
    return [
        [
            [
                *(
                    t.track_id,
                    t.state,
                    t.is_activated,
                    t.start_frame,
                    t.frame_id,
                    t.tracklet_len,
                    t.score,
                    t.cls,
                    t.idx,
                ),
                *t.mean.tolist(),
                *t.covariance.ravel().tolist(),
            ]
            for t in pool
        ]
        for pool in (tracker.tracked_stracks, tracker.lost_stracks, tracker.removed_stracks)
    ]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(["modern", "classic"]), st.booleans(), st.sampled_from([0, 3, 30]))
def test_hooks_that_call_super_change_no_bit(scene, subclass, hooks, seed, compat, rotated, track_buffer):
    args = {"compat": compat, "track_buffer": track_buffer}
    fast, core = BYTETracker(args), Tracker(**args, ids="born", state="xyah")
    slow, sparse = subclass(*hooks)(args), subclass("_apply_match")(args)
    for frame in scene(seed, rotated=rotated):
        expected = core.update(frame).astype(np.float32)
        for tracker in (fast, slow, sparse):
            tracks = tracker.update(frame)
            assert tracks.dtype == np.float32
            assert np.array_equal(tracks, expected)
        assert lists(fast) == lists(slow)
    assert set(slow.calls) == set(hooks)
    assert "calls" not in fast.__dict__


def test_objects_that_nobody_looks_at_change_nothing_when_looked_at_late(scene):
    looked, unseen = BYTETracker({"track_buffer": 3}), BYTETracker({"track_buffer": 3})
    for frame in scene(1):
        looked.update(frame)
        unseen.update(frame)
        lists(looked)
    assert lists(looked) == lists(unseen)


@pytest.mark.parametrize("per_class", [True, False])
@pytest.mark.parametrize("objects", [60, 3])
def test_crowds_and_classes_agree_too(scene, subclass, hooks, per_class, objects):
    args = {"per_class": per_class, "track_buffer": 5}
    core, slow = Tracker(**args, ids="born", state="xyah"), subclass(*hooks)(args)
    for frame in scene(3, objects=objects):
        assert np.array_equal(slow.update(frame), core.update(frame).astype(np.float32))


def test_the_hooks_reproduce_the_published_rows(tmp_path, subclass, hooks):
    for name, ends in (("bytetrack-classic", "MOT17-09-SDP.txt"), ("MOT17-train", "MOT17-09/det/det-SDP.txt")):
        with tarfile.open(shared_data("mot", f"{name}.tar.xz")) as archive:
            members = [m for m in archive.getmembers() if m.name.endswith(ends)]
            archive.extractall(tmp_path, members, filter="data")
    (oracle,), (found,) = tmp_path.rglob("MOT17-09-SDP.txt"), tmp_path.rglob("det-SDP.txt")
    expected, table = np.loadtxt(oracle, delimiter=","), np.loadtxt(found, delimiter=",")
    boxes = np.column_stack([table[:, 2:4], table[:, 2:4] + table[:, 4:6], table[:, 6], np.zeros(len(table))])
    tracker, got = subclass(*hooks)({"compat": "classic"}), []
    for frame in range(1, int(max(table[:, 0].max(), expected[:, 0].max())) + 1):
        tracks = tracker.update(boxes[table[:, 0] == frame])
        got.append(np.column_stack([np.full(len(tracks), frame), tracks]))
    rows = np.concatenate(got)
    assert rows.shape == expected.shape
    assert np.array_equal(rows[:, [0, 5, 7, 8]], expected[:, [0, 5, 7, 8]])
    np.testing.assert_allclose(rows[:, 1:5], expected[:, 1:5], rtol=0, atol=1e-3)


def test_an_empty_frame_keeps_its_columns(subclass):
    for tracker in (BYTETracker("bytetrack"), subclass("get_dists")("bytetrack")):
        assert tracker.update([]).shape == (0, 8)
        tracker.update(np.array([[50, 50, 20, 10, 0.3, 0.9, 0]]))
        assert tracker.update([]).shape == (0, 9)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (np.zeros((2, 5)), "detections of shape (2, 5) cannot be read"),
        (BOX + np.array([0, 0, 0, 0, 90, 0]), "detection 0 has score 90.9; scores are from 0 to 1"),
        (np.array([[10.0, 20, 60, 30, 0.1, 0.9, 0]]), "rotated boxes after upright ones"),
    ],
)
def test_bad_detections_are_refused_as_the_core_does(subclass, bad, sentence):
    for tracker in (BYTETracker("bytetrack"), subclass("get_dists")("bytetrack")):
        tracker.update(BOX)
        with pytest.raises(TrackerError) as error:
            tracker.update(bad)
        assert error.value.what == sentence
        assert tracker.frame_id == 1
        assert tracker.update(BOX)[0, 4] == 1


def test_degenerate_boxes_are_dropped_and_masks_stay_the_callers(subclass):
    seen = []

    class Watching(subclass("get_dists")):
        def _input_for(self, img, feats, mask):
            seen.append(super()._input_for(img, feats, mask).tolist())
            return

    rows = np.array([[0, 0, 9, 0, 0.9, 0], [0, 0, 9, 9, 0.9, 0], [50, 0, 59, 9, 0.15, 0], [80, 0, 89, 9, 0.8, 0]])
    tracks = Watching("bytetrack").update(rows, feats=np.arange(4)[:, None])
    assert seen == [[[1], [3]], [[2]]]
    assert tracks[:, 7].tolist() == [1, 3]


@pytest.mark.parametrize("rotated", [False, True])
def test_classic_takes_degenerate_boxes_by_hooks_too(scene, subclass, hooks, rotated):
    core, slow = Tracker(compat="classic"), subclass(*hooks)({"compat": "classic"})
    for i, frame in enumerate(scene(8, rotated=rotated)):
        if rotated:
            frame[i % 3, 3] = 0
        else:
            frame[i % 3, 3] = frame[i % 3, 1]
        expected = core.update(frame).astype(np.float32)
        assert np.array_equal(slow.update(frame), expected, equal_nan=True)


def test_more_than_fits_makes_room(scene, subclass):
    core, slow = Tracker(ids="born", state="xyah"), subclass("_apply_match")({})
    for frame in scene(5, frames=4, objects=300):
        assert np.array_equal(slow.update(frame), core.update(frame).astype(np.float32))


def test_ids_are_counted_per_tracker_and_can_start_again():
    first, second = BYTETracker({}), BYTETracker({})
    assert first.update(BOX)[0, 4] == second.update(BOX)[0, 4] == 1
    first.reset_id()
    first.update(NONE)
    far = BOX + np.array([500, 0, 500, 0, 0, 0])
    first.update(far)
    assert first.update(far)[0, 4] == 1
    track = first.tracked_stracks[0]
    first.reset()
    assert (first.frame_id, first.tracked_stracks, first.lost_stracks, first.removed_stracks) == (0, [], [], [])
    assert (track.track_id, track.state) == (1, TrackState.Tracked)
    assert first.update(BOX)[0, 4] == 1


def test_args_may_change_between_frames():
    args = SimpleNamespace(track_high_thresh=0.5, track_low_thresh=0.1, new_track_thresh=0.6, track_buffer=30)
    tracker = BYTETracker(args)
    weak = BOX - np.array([0, 0, 0, 0, 0.35, 0])
    assert len(tracker.update(weak)) == 0
    tracker.reset()
    args.new_track_thresh = 0.5
    assert len(tracker.update(weak)) == 1
    assert tracker.max_frames_lost == 30
    tracker.max_frames_lost = 1
    args.match_thresh = 0.7
    tracker.update(NONE)
    assert tracker.max_time_lost == 1
    args.track_buffer = 7
    tracker.update(NONE)
    assert tracker.max_time_lost == 7


def test_frame_rate_scales_the_buffer():
    assert BYTETracker({"track_buffer": 30}, frame_rate=60).max_frames_lost == 60
    assert BYTETracker({"track_buffer_s": 0.5}, frame_rate=10).max_frames_lost == 5
    assert BYTETracker({}).max_frames_lost == 30


def test_removed_is_bounded(subclass):
    for tracker in (BYTETracker({"track_buffer": 0}), subclass("get_dists")({"track_buffer": 0})):
        low = np.arange(600)[:, None] * np.array([[30.0, 0.0]])
        crowd = np.column_stack([low, low + 20, np.full(600, 0.9), np.zeros(600)])
        for _ in range(2):
            for rows in (crowd, crowd, NONE, NONE):
                tracker.update(rows)
        assert len(tracker.removed_stracks) == 1000
        assert {t.state for t in tracker.removed_stracks} == {TrackState.Removed}
        assert len({t.track_id for t in tracker.removed_stracks}) == 1000


@pytest.mark.parametrize("hooked", [False, True])
def test_the_lists_are_the_callers_to_change(subclass, hooked):
    tracker = subclass("get_dists")({}) if hooked else BYTETracker({})
    rows = np.vstack([BOX, BOX + np.array([200, 0, 200, 0, 0, 0])])
    tracker.update(rows)
    kept = tracker.tracked_stracks.pop(0)
    assert tracker.update(rows[1:])[:, 4].tolist() == [2]
    assert (kept.track_id, kept.frame_id) == (1, 1)
    kept.mark_lost()
    tracker.lost_stracks = [kept]
    assert tracker.update(rows)[:, 4].tolist() == [2, 1]
    assert kept.frame_id == 3
    stranger = STrack([700, 70, 40, 90, 0], 0.9, 3)
    stranger.activate(tracker.kalman_filter, 1)
    tracker.tracked_stracks.append(stranger)
    there = np.array([[680.0, 25, 720, 115, 0.9, 3]])
    assert tracker.update(np.vstack([rows, there]))[:, 4].tolist() == [2, 1, 3]
    assert stranger.track_id == 3
    store = tracker._store
    assert sorted([*store.read(0), *store.read(1), *store.read(2)]) == list(range(store.state.capacity))
    tracker.tracked_stracks = []
    tracker.lost_stracks = []
    assert tracker.update(NONE).shape == (0, 8)
    assert tracker.lost_stracks == []


def test_a_track_that_left_keeps_its_last_numbers():
    tracker = BYTETracker({"track_buffer": 0})
    tracker.update(BOX)
    track = tracker.tracked_stracks[0]
    assert isinstance(track, STrack)
    tracker.update(NONE)
    assert track.state == TrackState.Lost
    assert tracker.lost_stracks == [track]
    tracker.update(NONE)
    assert track.state == TrackState.Removed
    assert tracker.removed_stracks == [track]
    before = track.mean.tolist(), track.track_id
    for _ in range(3):
        tracker.update(BOX)
    assert (track.mean.tolist(), track.track_id) == before
    assert tracker.tracked_stracks[0].track_id == 2
