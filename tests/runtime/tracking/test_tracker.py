"""`Tracker`: what goes in, what comes out, what is refused."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.results import Detections, Results
from numa_runtime.tracking.config import TrackerName
from numa_runtime.tracking.tracker import Tracker


def walk(seed, frames=40, objects=15, rotated=False):
    """Return detections of objects that drift, vanish and come back, with clutter."""
    rng = np.random.default_rng(seed)
    centre, size = rng.uniform(0, 900, (objects, 2)), rng.uniform(30, 120, (objects, 2))
    speed = rng.normal(0, 3, (objects, 2))
    out = []
    for _ in range(frames):
        centre = centre + speed
        keep = rng.uniform(size=objects) > 0.15
        c = np.concatenate([centre[keep] + rng.normal(0, 1, (keep.sum(), 2)), rng.uniform(0, 900, (2, 2))])
        s = np.concatenate([size[keep], rng.uniform(30, 90, (2, 2))])
        tail = np.column_stack([rng.uniform(0.05, 1, len(c)), rng.integers(0, 2, len(c))])
        box = (
            np.column_stack([c, s, rng.uniform(-3, 3, len(c))]) if rotated else np.column_stack([c - s / 2, c + s / 2])
        )
        out.append(np.column_stack([box, tail]).astype(float))
    return out


def run(frames, **parameters):
    tracker = Tracker(**parameters)
    return [tracker.update(f) for f in frames]


def equal(a, b):
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(0, 1000), st.sampled_from(["modern", "classic"]), st.booleans())
def test_interleaved_trackers_equal_separate_ones_bit_for_bit(one, two, compat, rotated):
    a, b = walk(one), walk(two, rotated=rotated)
    first, second = Tracker(compat=compat), Tracker(compat=compat)
    mixed = [(first.update(x), second.update(y)) for x, y in zip(a, b, strict=True)]
    assert equal([m[0] for m in mixed], run(a, compat=compat))
    assert equal([m[1] for m in mixed], run(b, compat=compat))


def test_trackers_in_threads_equal_separate_ones():
    streams = [walk(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(run, streams))
    assert all(equal(a, run(s)) for a, s in zip(together, streams, strict=True))


def test_reset_is_a_new_tracker():
    tracker, frames = Tracker(), walk(4)
    once = [tracker.update(f) for f in frames]
    tracker.reset()
    assert (tracker.frames, tracker.born, tracker.dropped) == (0, 0, 0)
    assert equal(once, [tracker.update(f) for f in frames])


def test_capacity_and_pairs_grow_without_changing_anything():
    frames = walk(5, frames=12, objects=400)
    small, large = Tracker(), Tracker()
    large._state.make_room(5000)
    large._state.make_room_for_pairs(10**6)
    large.take_memory()
    assert equal([small.update(f) for f in frames], [large.update(f) for f in frames])


def test_a_crowd_in_one_place_is_followed():
    boxes = np.column_stack([np.arange(300) * 0.5, np.zeros(300), np.arange(300) * 0.5 + 50, np.full(300, 90.0)])
    frame = np.column_stack([boxes, np.full(300, 0.9), np.zeros(300)])
    tracker = Tracker()
    first, second = tracker.update(frame), tracker.update(frame)
    assert len(first) == 300
    assert np.array_equal(first[:, [4, 7]], second[:, [4, 7]])


def test_a_hundred_thousand_detections_are_taken():
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 60_000, (100_000, 2))
    frame = np.column_stack([low, low + 40, np.full(100_000, 0.9), np.zeros(100_000)])
    tracker = Tracker()
    tracker.update(frame)
    assert len(tracker.update(frame)) > 99_000


def test_takes_integers_lists_float32_views_and_read_only_arrays():
    box = [[10, 20, 60, 120, 1, 3]]
    frozen = np.array(box, float)
    frozen.flags.writeable = False
    wide = np.zeros((2, 12))
    wide[:1, ::2] = box
    for given_ in (
        box,
        np.array(box),
        np.array(box, np.float32),
        frozen,
        wide[:1, ::2],
        np.asfortranarray(box * 2)[:1],
    ):
        row = Tracker().update(given_)
        np.testing.assert_allclose(row, [[10, 20, 60, 120, 1, 1, 3, 0]], rtol=1e-6)


def test_takes_results_detections_and_supervision():
    supervision = pytest.importorskip("supervision")
    found = Detections.of([[10, 20, 60, 120]], [0.75], [3])
    result = Results((480, 640), {3: "cat"}, found)
    theirs = supervision.Detections(
        xyxy=np.array([[10, 20, 60, 120.0]]), confidence=np.array([0.75]), class_id=np.array([3])
    )
    for detections in (found, result, theirs):
        assert Tracker().update(detections).tolist() == [[10, 20, 60, 120, 1, 0.75, 3, 0]]
    assert Tracker().update(supervision.Detections.empty()).shape == (0, 8)
    with pytest.raises(TrackerError, match="have no confidence"):
        Tracker().update(supervision.Detections(xyxy=np.array([[10, 20, 60, 120.0]])))


GOOD = np.array([[10.0, 20, 60, 120, 0.9, 0]])


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (np.zeros((2, 5)), "detections of shape (2, 5) cannot be read"),
        (np.zeros((1, 2, 6)), "detections of shape (1, 2, 6) cannot be read"),
        (np.zeros(6), "detections of shape (6,) cannot be read"),
        (np.array([["a"] * 6]), "detections of type <U1 are not numbers"),
        (np.zeros((1, 6), complex), "detections of type complex128 are not numbers"),
        (None, "detections of type NoneType are not numbers"),
        (GOOD + np.array([0, 0, 0, 0, 90, 0]), "detection 0 has score 90.9; scores are from 0 to 1"),
        (GOOD - np.array([0, 0, 0, 0, 1, 0]), "detection 0 has score -0.1; scores are from 0 to 1"),
        (np.array([[10.0, 20, 60, 30, 0.1, 0.9, 0]]), "rotated boxes after upright ones"),
    ],
)
def test_bad_detections_are_refused_and_leave_the_tracker_as_it_was(bad, sentence):
    tracker, untouched = Tracker(), Tracker()
    for each in (tracker, untouched):
        each.update(GOOD)
    with pytest.raises(TrackerError) as error:
        tracker.update(bad)
    assert error.value.what == sentence
    assert error.value.hint
    assert np.array_equal(tracker.update(GOOD), untouched.update(GOOD))
    assert tracker.frames == 2


def test_rows_that_are_not_finite_are_dropped_and_counted():
    bad = np.tile(GOOD, (7, 1))
    for k in range(6):
        bad[k, k] = (np.nan, np.inf, -np.inf)[k % 3]
    tracker = Tracker()
    tracks = tracker.update(bad)
    assert tracks[:, -1].tolist() == [6]
    assert tracker.dropped == 6


def test_time_must_not_run_backwards_and_must_be_given_always_or_never():
    tracker = Tracker()
    tracker.update(GOOD, timestamp=5.0)
    with pytest.raises(TrackerError, match="time runs backwards: timestamp 4 after 5"):
        tracker.update(GOOD, timestamp=4.0)
    with pytest.raises(TrackerError, match="timestamp nan is not a time"):
        tracker.update(GOOD, timestamp=float("nan"))
    with pytest.raises(TrackerError, match="frame 2 has timestamp none, but the frames before it did the opposite"):
        tracker.update(GOOD)
    assert tracker.update(GOOD, timestamp=5.0)[0, 4] == 1
    plain = Tracker()
    plain.update(GOOD)
    with pytest.raises(TrackerError, match="frame 2 has timestamp 1, but"):
        plain.update(GOOD, timestamp=1.0)


def test_even_timestamps_at_the_nominal_rate_change_nothing():
    frames, tracker = walk(6, frames=80), Tracker(track_buffer=5)
    timed = [tracker.update(f, timestamp=100 + i / 30) for i, f in enumerate(frames)]
    for a, b in zip(timed, run(frames, track_buffer=5), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_a_gap_in_time_is_predicted_over():
    box = np.array([[0.0, 0, 40, 100, 0.9, 0]])
    step = np.array([8.0, 0, 8, 0, 0, 0])
    for timed, expected in ((True, [1]), (False, [])):
        tracker = Tracker()
        for i in range(10):
            tracker.update(box + i * step, timestamp=i / 30 if timed else None)
        tracks = tracker.update(box + 15 * step, timestamp=0.5 if timed else None)  # five frames were dropped
        assert tracks[:, 4].tolist() == expected


def test_features_and_bad_warps_are_refused():
    tracker = Tracker()
    with pytest.raises(TrackerError, match="bytetrack has no use for features"):
        tracker.update(GOOD, features=np.zeros((1, 8)))
    for warp in (np.eye(3), "warp", np.full((2, 3), np.nan)):
        with pytest.raises(TrackerError, match="must be a finite \\(2, 3\\) matrix"):
            tracker.update(GOOD, warp=warp)
    with pytest.raises(TrackerError, match="flattens the image"):
        tracker.update(GOOD, warp=np.zeros((2, 3)))
    assert tracker.frames == 0


@pytest.mark.parametrize("stretch", [0.0, 0.02])
def test_a_moving_camera_keeps_ids_when_its_warp_is_given(stretch):
    warp = np.array([[0.999 + stretch, -0.03, 45.0], [0.03, 0.999, -30.0]])
    scale = np.sqrt(np.linalg.det(warp[:, :2]))
    ids = {}
    for given_ in (True, False):
        tracker = Tracker()
        centre, half = np.array([[100.0, 900], [300, 700], [500, 500], [700, 900]]), np.full((4, 2), [20.0, 40])
        for frame in range(12):
            if frame:
                centre, half = centre @ warp[:, :2].T + warp[:, 2], half * scale
            rows = np.column_stack([centre - half, centre + half, np.full(4, 0.9), np.zeros(4)])
            tracks = tracker.update(rows, warp=warp if frame and given_ else None)
        ids[given_] = tracks[np.argsort(tracks[:, 7]), 4].tolist()
        if given_:
            np.testing.assert_allclose(tracks[:, :4], rows[:, :4], atol=1e-6)
    assert ids[True] == [1, 2, 3, 4]
    assert ids[False] != [1, 2, 3, 4]


def test_rotated_boxes_keep_their_id_when_the_detector_exchanges_the_sides():
    tracker = Tracker()
    for i in range(12):
        w, h, angle = (80.0, 30.0, 0.1) if i % 2 == 0 else (30.0, 80.0, 0.1 + np.pi / 2)
        tracks = tracker.update(np.array([[300.0 + 3 * i, 200.0, w, h, angle + i * 0.05, 0.9, 0.0]]))
        assert tracks[0, 5] == 1
        np.testing.assert_allclose(tracks[0, 2:5], [80, 30, 0.1 + i * 0.05], rtol=1e-9)


def test_removed_are_the_ids_that_ended():
    tracker = Tracker(track_buffer=1)
    tracker.update(GOOD)
    tracker.update(np.zeros((0, 6)))
    assert tracker.removed.tolist() == []
    tracker.update(np.zeros((0, 6)))
    assert tracker.removed.tolist() == [1]
    tracker.update(np.zeros((0, 6)))
    assert tracker.removed.tolist() == []


@pytest.mark.parametrize("name", list(TrackerName))
@pytest.mark.parametrize("again", [copy.deepcopy, lambda tracker: pickle.loads(pickle.dumps(tracker))])
def test_a_copy_goes_its_own_way(name, again):
    frames = walk(3, frames=20)
    one = Tracker(name, **({"gmc_method": "none"} if name is TrackerName.BOTSORT else {}))
    for rows in frames[:10]:
        one.update(rows)
    other = again(one)
    kept = one._state.floats.copy()
    expected = [other.update(rows) for rows in frames[10:]]
    np.testing.assert_array_equal(one._state.floats, kept)
    assert one.frames == 10
    for rows, tracks in zip(frames[10:], expected, strict=True):
        np.testing.assert_array_equal(one.update(rows), tracks)
