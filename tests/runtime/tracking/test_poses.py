"""Pose-aware association: keypoints count where they are given, and only between boxes that touch."""

import copy
import logging
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_tracker import PlainTracker
from posed_scene import scene

from numa_runtime.errors import TrackerError
from numa_runtime.results import Detections, Results
from numa_runtime.tracking.config import load_params
from numa_runtime.tracking.objects import BYTETracker
from numa_runtime.tracking.poses import COCO_SIGMAS, OTHER_SIGMA, as_points, sigmas_of
from numa_runtime.tracking.tracker import Tracker

NONE = np.zeros((0, 6))
FAMILY = [
    ("bytetrack", {}),
    ("bytetrack", {"min_hits": 3, "fuse_score": False}),
    ("sort", {}),
    ("ocsort", {"use_byte": True}),
    ("botsort", {"gmc_method": "none"}),
    ("botsort", {"gmc_method": "none", "with_reid": True}),
]


def run(tracker, *, with_keypoints=True, seed=3, frames=30):
    out = []
    for rows, keypoints, objects in scene(np.random.default_rng(seed), frames):
        beside = {"features": np.eye(20)[objects]} if tracker.wants_features else {}
        if with_keypoints:
            beside["keypoints"] = keypoints
        out.append(tracker.update(rows, **beside))
    return np.concatenate(out)


@pytest.mark.parametrize(("name", "parameters"), FAMILY)
@settings(deadline=None, max_examples=6)
@given(st.integers(0, 2**32), st.sampled_from([0.1, 0.3, 0.7, 1.0]), st.sampled_from([1, 5, 17]), st.booleans())
def test_equals_its_plain_counterpart(name, parameters, seed, weight, count, moving):
    rng = np.random.default_rng(seed)
    params = load_params(name, pose_weight=weight, per_class=bool(seed % 2), track_buffer=8, **parameters)
    ours, plain, looks = Tracker(params), PlainTracker(params), rng.normal(0, 1, (20, 8))
    for frame, (rows, keypoints, objects) in enumerate(scene(rng, keypoints=count)):
        beside = {"keypoints": keypoints} if rng.uniform() > 0.15 else {}  # a frame may lack them
        if moving and frame % 4 == 3:
            beside["warp"] = np.eye(2, 3) + rng.normal(0, 0.01, (2, 3)) * [[1, 1, 300]]
        if getattr(params, "with_reid", False):
            beside["features"] = looks[objects] + rng.normal(0, 0.3, (len(rows), 8))
        got, expected = ours.update(rows, **beside), plain.update(rows, **beside)
        got = got[np.argsort(got[:, 4])]
        assert got[:, 4:].tolist() == expected[:, 4:].tolist()
        np.testing.assert_allclose(got[:, :4], expected[:, :4], rtol=1e-7, atol=1e-6)
        assert sorted(ours.removed) == sorted(plain.ended)


def person(x, arms, score=0.9, y=100.0, w=40.0, h=100.0):
    """A box at x, and four keypoints; `arms` (-1 to 1) says where along its width the last two are."""
    points = [[x - 5, y - 45, 1], [x + 5, y - 45, 1], [x + arms * w / 2, y, 1], [x + arms * w / 2, y + 40, 1]]
    return [x - w / 2, y - h / 2, x + w / 2, y + h / 2, score, 0.0], points


def frame(*people):
    rows, points = zip(*people, strict=True)
    return np.array(rows), np.array(points)


def ids(tracks):
    return tracks[np.argsort(tracks[:, 7]), 4].astype(int).tolist()


@pytest.mark.parametrize("name", ["bytetrack", "sort", "ocsort", "botsort"])
def test_poses_tell_two_that_overlap(name):
    for weight, expected in ((0.6, [1, 2]), (0.0, [2, 1])):
        tracker = Tracker(name, pose_weight=weight)
        for _ in range(5):
            rows, points = frame(person(100, -1), person(108, 1))
            tracker.update(rows, keypoints=points if weight else None, warp=np.eye(2, 3))
        rows, points = frame(person(107, -1), person(101, 1))  # each is nearer to the other's place
        after = tracker.update(rows, keypoints=points if weight else None, warp=np.eye(2, 3))
        assert ids(after) == expected


@pytest.mark.parametrize(("name", "parameters"), FAMILY)
def test_off_and_unseen_keypoints_change_no_bit(name, parameters):
    boxes_only = run(Tracker(name, **parameters), with_keypoints=False)
    assert np.array_equal(boxes_only, run(Tracker(name, pose_weight=0.0, **parameters), with_keypoints=False))
    unseen, out = Tracker(name, pose_weight=0.5, **parameters), []
    for rows, keypoints, objects in scene(np.random.default_rng(3)):
        beside = {"features": np.eye(20)[objects]} if unseen.wants_features else {}
        out.append(unseen.update(rows, keypoints=keypoints * [1, 1, 0], **beside))
    assert np.array_equal(boxes_only, np.concatenate(out))
    assert not np.array_equal(boxes_only, run(Tracker(name, pose_weight=0.5, **parameters)))


@pytest.mark.parametrize(("name", "parameters"), FAMILY)
def test_reset_growth_and_copies_change_nothing(name, parameters):
    first, large = Tracker(name, pose_weight=0.4, **parameters), Tracker(name, pose_weight=0.4, **parameters)
    large._state.make_room(3000)
    large.take_memory()
    once = run(first)
    assert np.array_equal(once, run(large))
    for twin in (copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert np.array_equal(run(twin, seed=9), run(copy.deepcopy(first), seed=9))
        assert not np.shares_memory(twin._state.history, first._state.history)
    first.reset()
    assert first._state.keypoints == 0
    assert np.array_equal(once, run(first))


def test_poses_that_grow_in_the_middle_keep_what_a_tracker_remembers():
    """OC-SORT's observations lie in the same block as poses, which come with the first keypoints."""
    tracker, plain = (kind(load_params("ocsort", pose_weight=0.4)) for kind in (Tracker, PlainTracker))
    for number, (rows, keypoints, _) in enumerate(scene(np.random.default_rng(8))):
        given_ = {"keypoints": keypoints} if number > 10 else {}
        got = tracker.update(rows, **given_)
        assert got[np.argsort(got[:, 4]), 4:].tolist() == plain.update(rows, **given_)[:, 4:].tolist()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([0.3, 1.0]), st.floats(0.0, 200.0))
def test_keypoints_never_join_boxes_that_do_not_touch(seed, weight, apart):
    """A detection with exactly the track's keypoints, but its box elsewhere, is somebody else."""
    rng = np.random.default_rng(seed)
    tracker = Tracker(pose_weight=weight, match_thresh=1.0, ids="born")
    w, h = rng.uniform(20, 100, 2)
    points = rng.uniform(0, 60, (1, 17, 2))
    for _ in range(5):
        tracker.update(np.array([[0, 0, w, h, 0.9, 0]]), keypoints=points)
    moved = np.array([[w + apart + 1e-6, 0, 2 * w + apart + 1e-6, h, 0.9, 0]])
    assert tracker.update(moved, keypoints=points).shape == (0, 8)
    assert tracker.born == 2


def test_a_pose_goes_with_its_box_and_survives_a_frame_without_keypoints():
    tracker = Tracker(pose_weight=1.0, match_thresh=0.3, fuse_score=False)
    for x in range(100, 116, 2):
        rows, points = frame(person(x, -1))
        unseen = points * [1, 1, 0]  # plain IoU, and the old pose is kept
        assert ids(tracker.update(rows, keypoints=unseen if x == 110 else None if x == 112 else points)) == [1]
    rows, points = frame(person(116, 1))
    assert ids(tracker.update(rows, keypoints=points)) == []  # in the right place, but not in this pose


def test_results_and_detections_bring_their_keypoints(caplog):
    by_hand = run(Tracker(pose_weight=0.5))
    assert len(by_hand) > 100
    for as_results in (False, True):
        tracker, out = Tracker(pose_weight=0.5), []
        for rows, keypoints, _ in scene(np.random.default_rng(3)):
            found = Detections.of(rows[:, :4], rows[:, 4], rows[:, 5], keypoints)
            out.append(tracker.update(Results((400, 400), {0: "x", 1: "y"}, found) if as_results else found))
        assert np.concatenate(out)[:, 4].tolist() == by_hand[:, 4].tolist()
    assert "no keypoints" not in caplog.text
    without = Detections.of(rows[:, :4], rows[:, 4], rows[:, 5], keypoints)
    assert len(Tracker().update(without))  # a tracker of boxes leaves them alone


def test_missing_keypoints_are_said_once_and_boxes_alone_count(caplog):
    tracker = Tracker(pose_weight=0.5)
    tracker.update(NONE)
    assert "keypoints" not in caplog.text  # nobody was there to have any
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        blind = run(tracker, with_keypoints=False)
    assert len(blind)
    assert caplog.text.count("no keypoints were given to the tracker: pose_weight=0.5 has no effect") == 1


def test_wrong_keypoints_are_refused_and_change_nothing():
    tracker = Tracker(pose_weight=0.5)
    two, points = frame(person(100, -1), person(300, 1))
    for given_, sentence in [
        (np.ones((3, 4, 3)), "keypoints of shape (3, 4, 3) do not go with 2 detections"),
        (np.ones((2, 4)), "keypoints of shape (2, 4) do not go with 2 detections"),
        (np.ones((2, 0, 3)), "keypoints of shape (2, 0, 3) do not go with 2 detections"),
        (np.ones((2, 4, 5)), "keypoints of shape (2, 4, 5) do not go with 2 detections"),
        ([[["a", "b"]], [["c", "d"]]], "keypoints of shape (2, 1, 2) do not go with 2 detections"),
    ]:
        with pytest.raises(TrackerError) as error:
            tracker.update(two, keypoints=given_)
        assert (error.value.what, bool(error.value.hint)) == (sentence, True)
    assert tracker.frames == 0
    tracker.update(two, keypoints=points)
    with pytest.raises(TrackerError, match="there are 5 keypoints per detection, in the frames before there were 4"):
        tracker.update(two, keypoints=np.ones((2, 5, 2)))
    assert tracker.update(NONE, keypoints=np.zeros((0, 4, 3))).shape == (0, 8)
    tracker.reset()
    assert ids(tracker.update(two, keypoints=np.ones((2, 5, 2)))) == [1, 2]
    with pytest.raises(TrackerError, match="sort with pose_weight=0 has no use for keypoints"):
        Tracker("sort").update(two, keypoints=points)
    rotated = np.array([[100.0, 100, 40, 90, 0.2, 0.9, 0]])
    with pytest.raises(TrackerError, match="keypoints of rotated boxes cannot be compared"):
        Tracker(pose_weight=0.5).update(rotated, keypoints=points[:1])
    with pytest.raises(TrackerError, match=r"classic.* has no pose_weight"):
        Tracker(compat="classic", pose_weight=0.5)
    with pytest.raises(TrackerError, match=r"pose_weight=1\.5 is not a number from 0 to 1"):
        Tracker(pose_weight=1.5)
    with pytest.raises(TrackerError, match=r"it has no use for pose_weight=0\.5"):
        BYTETracker({"pose_weight": 0.5})


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32))
def test_keypoints_that_are_no_numbers_never_reach_the_tracks(seed):
    rng = np.random.default_rng(seed)
    tracker = Tracker("ocsort", pose_weight=1.0)
    for rows, keypoints, _ in scene(rng, frames=8):
        spoiled = rng.uniform(size=keypoints.shape) < 0.2
        keypoints[spoiled] = rng.choice([np.nan, np.inf, -np.inf, 1e300, -5.0], spoiled.sum())
        tracks = tracker.update(rows, keypoints=keypoints)
        assert np.isfinite(tracks).all()
        assert len(set(tracks[:, 4])) == len(tracks)
    assert np.isfinite(tracker._state.history).all()


def test_what_is_compared_is_the_formula_of_coco():
    assert len(COCO_SIGMAS) == 17
    assert sigmas_of(17)[0] == 0.026
    assert set(sigmas_of(5)) == {OTHER_SIGMA}
    rows = np.array([[0.0, 0, 10, 20, 0.9, 0], [0, 0, np.nan, 20, 0.9, 0], [5, 5, 5, 5, 0.9, 0]])
    points = np.full((3, 17, 3), 0.5)
    points[0, 3], points[0, 4] = [1, 2, 0], [np.nan, 2, 1]
    triples = as_points(points, rows, 0).reshape(3, 17, 3)
    assert triples[0, 0].tolist() == [-0.45, -0.475, 1 / (2 * 200 * (2 * 0.026) ** 2)]
    assert not triples[0, 3:5].any()  # out of sight, or no number
    assert not triples[1:].any()  # boxes without an area have no scale
