"""Every tracker of the family equals its plain numpy counterpart, frame by frame."""

import copy
import logging
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_boosttrack import PlainBoostTrack
from plain_cbiou import PlainCBIoU
from plain_fasttrack import PlainFastTrack
from plain_hybridsort import PlainHybridSort
from plain_tracker import PlainTracker
from plain_tracktrack import PlainTrackTrack

from numa_runtime.errors import TrackerError
from numa_runtime.results import Detections, Results
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.config import TrackerName, load_params
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.tracker import Tracker

STILL = {"gmc_method": "none"}
FAMILY = [
    ("bytetrack", {}),
    ("bytetrack", {"min_hits": 3}),
    ("bytetrack", {"min_hits": 0}),
    ("bytetrack", {"state": "xywh", "output": "matched"}),
    ("bytetrack", {"state": "xyxy"}),
    ("bytetrack", {"state": "xysr"}),
    ("sort", {}),
    ("sort", {"state": "xysr"}),
    ("sort", {"min_hits": 0, "match_thresh": 0.9}),
    ("ocsort", {}),
    ("ocsort", {"use_byte": True, "delta_t": 1}),
    ("ocsort", {"use_byte": True, "fuse_score": False, "match_thresh": 0.7, "second_match_thresh": 0.7}),
    ("ocsort", {"state": "xyah", "output": "filtered"}),
    ("ocsort", {"state": "xyxy"}),
    ("ocsort", {"delta_t": 6, "inertia": 0.9, "min_hits": 2, "recovery_match_thresh": 0.9}),
    ("botsort", STILL),
    ("botsort", STILL | {"state": "xyah"}),
    ("botsort", STILL | {"with_reid": True}),
    ("botsort", STILL | {"with_reid": True, "fuse_score": False, "proximity_thresh": 0.1, "appearance_thresh": 0.5}),
    ("botsort", STILL | {"with_reid": True, "proximity_thresh": 0}),
    ("cbiou", {}),
    ("cbiou", {"motion_frames": 3, "match_thresh": 0.9, "second_match_thresh": 0.95, "min_hits": 3}),
    ("cbiou", {"motion_frames": 0, "state": "xywh", "first_buffer": 0, "second_buffer": 0.8}),
    ("cbiou", {"motion_frames": 1, "state": "xysr", "output": "matched"}),
    ("hybridsort", {}),
    ("hybridsort", {"use_byte": False, "state": "xywh", "delta_t": 1, "fuse_score": True}),
    ("hybridsort", {"inertia": 0.9, "score_weight": 0.3, "low_score_weight": 0.2, "match_thresh": 0.95, "min_hits": 3}),
    ("tracktrack", {}),
    ("tracktrack", {"match_step": 0.2, "match_thresh": 0.95, "min_hits": 1, "birth_iou": 0.1, "output": "matched"}),
    ("fasttrack", {}),
    ("fasttrack", {"occ_cover_thresh": 0.2, "state": "xyah", "output": "matched", "occ_reappear_window": 25}),
    (
        "fasttrack",
        {
            "occ_cover_thresh": 0.05,
            "coast_frames": 0,
            "active_occ_to_lost_thresh": 4,
            "min_hits": 3,
            "enlarge_bbox_occ": 1.5,
            "dampen_motion_occ": 0.3,
            "init_iou_suppress": 0.1,
        },
    ),
    ("fasttrack", {"occ_cover_thresh": 0.1, "state": "xysr", "reset_pos_offset_occ": 0, "fuse_score": False}),
    ("boosttrack", {}),
    ("boosttrack", {"state": "xyah", "min_hits": 0, "likely_boost": 0.3, "distance_weight": 3.0, "shape_weight": 2.0}),
    ("boosttrack", {"state": "xyxy", "match_thresh": 0.95, "output": "matched", "confidence_weight": 3.0}),
    ("boosttrack", {"state": "xysr", "with_reid": True, "proximity_thresh": 0.05, "appearance_thresh": 0.5}),
    ("boosttrack", {"with_reid": True, "track_high_thresh": 0.6, "new_track_thresh": 0.5}),
    ("tracktrack", {"state": "xyah", "angle_weight": 0.9, "score_weight": 0.9, "low_penalty": 0.0, "min_hits": 3}),
]
PLAIN = {
    "cbiou": PlainCBIoU,
    "hybridsort": PlainHybridSort,
    "tracktrack": PlainTrackTrack,
    "fasttrack": PlainFastTrack,
    "boosttrack": PlainBoostTrack,
}


def walk(rng, frames=40, objects=15):
    """Yield detections of objects that drift, vanish and come back, with clutter, and each one's object."""
    centre, size = rng.uniform(0, 900, (objects, 2)), rng.uniform(30, 120, (objects, 2))
    speed = rng.normal(0, 4, (objects, 2))
    for _ in range(frames):
        centre = centre + speed
        seen = np.flatnonzero(rng.uniform(size=objects) > 0.15)
        c = np.concatenate([centre[seen] + rng.normal(0, 1, (len(seen), 2)), rng.uniform(0, 900, (2, 2))])
        s = np.concatenate([size[seen], rng.uniform(30, 90, (2, 2))])
        tail = np.column_stack([rng.uniform(0.05, 1, len(c)), rng.integers(0, 2, len(c))])
        yield np.column_stack([c - s / 2, c + s / 2, tail]), np.concatenate([seen, [objects, objects + 1]])


def compare(name, parameters, seed, per_class, timed, moving):
    rng = np.random.default_rng(seed)
    params = load_params(name, per_class=per_class, track_buffer=int(rng.integers(1, 15)), **parameters)
    ours, plain = Tracker(params), PLAIN.get(name, PlainTracker)(params)
    looks, clock = rng.normal(0, 1, (17, 8)), 0.0
    for frame, (rows, objects) in enumerate(walk(rng)):
        dt = float(rng.uniform(0.3, 3)) if timed and frame else 1.0
        clock += dt
        given_ = {}
        if moving and frame % 4 == 3:
            given_["warp"] = np.eye(2, 3) + rng.normal(0, 0.01, (2, 3)) * [[1, 1, 300]]
        if getattr(params, "with_reid", False):
            given_["features"] = looks[objects] + rng.normal(0, 0.3, (len(rows), 8))
        got = ours.update(rows, timestamp=clock / 30 if timed else None, **given_)
        expected = plain.update(rows, dt, **given_)
        got = got[np.argsort(got[:, 4])]
        assert got[:, 4:].tolist() == expected[:, 4:].tolist()
        np.testing.assert_allclose(got[:, :4], expected[:, :4], rtol=1e-7, atol=1e-6)
        assert sorted(ours.removed) == sorted(plain.ended)
    assert ours.born == plain.born


any_walk = given(st.integers(0, 2**32), st.booleans(), st.booleans(), st.booleans())


@pytest.mark.parametrize(("name", "parameters"), FAMILY)
@settings(deadline=None, max_examples=8)
@any_walk
def test_equals_its_plain_counterpart(name, parameters, seed, per_class, timed, moving):
    compare(name, parameters, seed, per_class, timed, moving)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameters"), [case for case in FAMILY if case[0] in PLAIN])
@settings(deadline=None, max_examples=10_000)
@any_walk
def test_equals_its_plain_counterpart_ten_thousand_times(name, parameters, seed, per_class, timed, moving):
    compare(name, parameters, seed, per_class, timed, moving)


def box(x, y=100.0, w=40.0, h=100.0, score=0.9, cls=0.0):
    return [x - w / 2, y - h / 2, x + w / 2, y + h / 2, score, cls]


def ids(tracks):
    return tracks[:, -4].astype(int).tolist()


NONE = np.zeros((0, 6))


def test_sort_reports_after_three_matches_and_forgets_after_two_misses():
    tracker = Tracker("sort")
    for _ in range(3):
        assert ids(tracker.update(np.array([box(100)]))) == [1]  # at once in the first frames
    shown = [ids(tracker.update(np.array([box(100), box(500)]))) for _ in range(4)]
    assert shown == [[1], [1], [1], [1, 2]]
    tracker.update(NONE)
    assert ids(tracker.update(np.array([box(100)]))) == [1]  # one miss is survived
    assert tracker.removed.tolist() == [2]
    tracker.update(NONE)
    tracker.update(NONE)
    assert tracker.removed.tolist() == [1]


def test_sort_has_no_low_stage_and_no_score_in_its_cost():
    tracker = Tracker("sort", min_hits=0)
    tracker.update(np.array([box(100)]))
    assert ids(tracker.update(np.array([box(120, score=0.3)]))) == [1]  # IoU 1/3
    assert ids(tracker.update(np.array([box(120, score=0.2)]))) == []


def test_ocsort_finds_a_track_again_where_it_was_last_seen():
    """The filter has gone on moving; the object has stopped (observation-centric recovery)."""
    found = {}
    for recovery in (0.7, 0.0):
        tracker = Tracker("ocsort", recovery_match_thresh=recovery)
        for x in range(100, 300, 20):
            tracker.update(np.array([box(x)]))
        for _ in range(4):
            tracker.update(NONE)
        found[recovery] = ids(tracker.update(np.array([box(280)])))
    assert found == {0.7: [1], 0.0: []}


def test_ocsort_goes_over_a_gap_again():
    """Who slowed down unseen is known to be slow when found again (observation-centric re-update)."""
    speeds = {}
    for name in ("ocsort", "bytetrack"):
        tracker = Tracker(name, match_thresh=1.0, state="xyah")
        for x in range(100, 160, 6):
            tracker.update(np.array([box(x)]))
        for _ in range(6):
            tracker.update(NONE)
        assert ids(tracker.update(np.array([box(160)]))) == [1]  # 6 pixels in 7 frames
        speeds[name] = tracker._state.floats[0, at.VX]
    assert 6 / 7 < speeds["ocsort"] < speeds["bytetrack"] < 6


def test_ocsort_prefers_who_keeps_its_direction():
    """Two tracks cross; the boxes overlap a little more the wrong way round (observation-centric momentum)."""
    rows = np.array([box(140), box(180)])
    for inertia, expected in ((0.0, [1, 2]), (1.0, [2, 1])):
        tracker = Tracker("ocsort", inertia=inertia, fuse_score=False)
        for t in range(12):
            tracker.update(np.array([box(99 + 5 * t), box(221 - 5 * t)]))
        after = tracker.update(rows)
        assert after[np.argsort(after[:, 7]), 4].tolist() == expected


def features(*directions):
    return np.array([[np.cos(a), np.sin(a)] for a in directions])


def test_botsort_tells_two_that_overlap_by_their_looks():
    for with_reid, expected in ((True, [1, 2]), (False, [2, 1])):
        tracker = Tracker("botsort", with_reid=with_reid, **STILL)
        given_ = {"features": features(0.0, 1.5)} if with_reid else {}
        for _ in range(5):
            tracker.update(np.array([box(100), box(108)]), **given_)
        after = tracker.update(np.array([box(108), box(100)]), **given_)  # they changed places at once
        assert after[np.argsort(after[:, 7]), 4].tolist() == expected


def test_features_are_asked_for_checked_and_never_ignored():
    tracker = Tracker("botsort", with_reid=True, **STILL)
    two = np.array([box(100), box(300)])
    cases = [
        (None, "botsort with with_reid=True needs the detections' features, and none were given"),
        (np.ones((3, 4)), "features of shape (3, 4) do not go with 2 detections"),
        (np.ones(2), "features of shape (2,) do not go with 2 detections"),
        ([["a"], ["b"]], "features of shape (2, 1) do not go with 2 detections"),
        (np.array([[1.0, 0], [np.nan, 1]]), "the features of detection 1 are not finite"),
    ]
    for given_, sentence in cases:
        with pytest.raises(TrackerError) as error:
            tracker.update(two, features=given_)
        assert (error.value.what, bool(error.value.hint)) == (sentence, True)
    assert tracker.frames == 0
    tracker.update(two, features=np.ones((2, 4)))
    with pytest.raises(TrackerError, match="features have 5 numbers each, those of the frames before had 4"):
        tracker.update(two, features=np.ones((2, 5)))
    assert tracker.update(NONE).shape == (0, 8)  # nothing to compare
    tracker.reset()
    assert ids(tracker.update(two, features=np.zeros((2, 5)))) == [1, 2]  # no crop: no appearance
    with pytest.raises(TrackerError, match="botsort without with_reid has no use for features"):
        Tracker("botsort").update(two, features=np.ones((2, 4)))
    with pytest.raises(TrackerError, match="sort has no use for features"):
        Tracker("sort").update(two, features=np.ones((2, 4)))


def test_features_of_any_scale_count_alike_and_survive_growth():
    rng = np.random.default_rng(0)
    outcomes = []
    for scale in (1.0, 1e-200, 1e200):
        tracker, out = Tracker("botsort", with_reid=True, **STILL), []
        rng = np.random.default_rng(5)
        for rows, objects in walk(rng, frames=10, objects=300):
            out.append(tracker.update(rows, features=scale * np.eye(302)[objects]))
        outcomes.append(np.concatenate(out))
    assert np.array_equal(outcomes[0], outcomes[1])
    assert np.array_equal(outcomes[0], outcomes[2])


def picture(shift):
    """A textured scene (height 240, width 320) seen by a camera that has moved by `shift` pixels."""
    rng = np.random.default_rng(1)
    scene = np.kron(rng.integers(0, 255, (60, 120)), np.ones((8, 8))).astype(np.uint8)
    return np.ascontiguousarray(scene[100:340, 100 + shift : 420 + shift])


@pytest.mark.parametrize("as_results", [False, True])
def test_botsort_follows_through_a_moving_camera(as_results, caplog):
    kept = {}
    for method in ("sparseOptFlow", "none"):
        tracker = Tracker("botsort", gmc_method=method)
        for frame in range(8):
            shift = 25 * (frame % 2)  # the camera shakes
            rows = np.array([box(160 - shift, w=20, h=40), box(260 - shift, w=20, h=40)])
            if as_results:
                found = Detections.of(rows[:, :4], rows[:, 4], rows[:, 5])
                tracks = tracker.update(Results((240, 320), {0: "x"}, found, orig_img=picture(shift)))
            else:
                tracks = tracker.update(rows, frame=picture(shift))
        kept[method] = ids(tracks)
    assert kept["sparseOptFlow"] == [1, 2]
    assert kept["none"] != [1, 2]
    assert "no frame was given" not in caplog.text


@pytest.mark.parametrize("method", [method for method in CameraMotionMethod if method != "none"])
@pytest.mark.parametrize("again", [copy.deepcopy, lambda tracker: pickle.loads(pickle.dumps(tracker))])
def test_a_copy_sees_on_from_the_last_frame(method, again):
    one = Tracker("botsort", gmc_method=method)
    for shift in (0, 5):
        one.update(np.array([box(100 - shift)]), frame=picture(shift))
    other = again(one)
    tracks = [tracker.update(np.array([box(90)]), frame=picture(10)) for tracker in (one, other)]
    assert np.array_equal(*tracks)
    np.testing.assert_allclose(tracks[0][0, :4], box(90)[:4], atol=0.5)


def test_without_frames_camera_motion_is_off_and_said_once(caplog):
    tracker = Tracker("botsort")
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        for _ in range(3):
            tracker.update(np.array([box(100)]))
    assert caplog.text.count("no frame was given to the tracker: its camera motion (gmc_method=sparseOptFlow)") == 1


def test_a_refused_frame_is_not_looked_at_and_a_given_warp_wins():
    tracker = Tracker("botsort")
    tracker.update(np.array([box(100)]), frame=picture(0))
    for bad in (np.array([box(100, score=9)]), np.zeros((1, 5)), np.zeros((1, 7))):
        with pytest.raises(TrackerError):
            tracker.update(bad, frame=picture(60))
    shifted = tracker.update(np.array([box(70)]), frame=picture(30))
    assert ids(shifted) == [1]
    assert ids(tracker.update(np.array([box(400)]), frame=picture(30), warp=[[1, 0, 330], [0, 1, 0]])) == [1]


@pytest.mark.parametrize("name", list(TrackerName))
def test_rotated_boxes_are_followed_by_all(name):
    tracker = Tracker(name)
    for i in range(12):
        w, h, angle = (80.0, 30.0, 0.1) if i % 2 == 0 else (30.0, 80.0, 0.1 + np.pi / 2)
        tracks = tracker.update(np.array([[300.0 + 3 * i, 200.0, w, h, angle + i * 0.05, 0.9, 0.0]]))
        assert tracks[0, 5] == 1
        np.testing.assert_allclose(tracks[0, 2:5], [80, 30, 0.1 + i * 0.05], rtol=1e-9)
    turned = tracker.update(np.array([[300.0, 200.0, 80, 30, 0.7, 0.9, 0.0]]), warp=[[0, -1, 533.0], [1, 0, -133.0]])
    assert turned.shape[1] == 9


@pytest.mark.parametrize("name", list(PLAIN))
def test_memory_stays_flat_however_long_it_runs(name):
    rng, tracker, sizes = np.random.default_rng(0), Tracker(name), []
    for _ in range(40):
        for rows, _ in walk(rng):  # new objects at other places each time
            tracker.update(rows)
        sizes.append(sum(block.nbytes for block in tracker._state.blocks))
    assert tracker.born > 100
    assert sizes[10] == sizes[-1]


@pytest.mark.parametrize(("name", "parameters"), FAMILY)
def test_reset_and_growth_change_nothing(name, parameters):
    def run(tracker):
        out = []
        for rows, objects in walk(np.random.default_rng(3), frames=15, objects=100):
            given_ = {"features": np.eye(102)[objects]} if parameters.get("with_reid") else {}
            out.append(tracker.update(rows, **given_))
        return np.concatenate(out)

    small, large = Tracker(name, **parameters), Tracker(name, **parameters)
    large._state.make_room(3000)
    large.take_memory()
    once = run(small)
    assert np.array_equal(once, run(large))
    small.reset()
    assert np.array_equal(once, run(small))
