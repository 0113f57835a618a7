"""`BallTracker`: lasting ids, short gaps, and nothing that poisons it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.results import BallRecords, Detections, Results
from numa_runtime.tracking.balls import BallTracker

SPECIAL = [np.nan, np.inf, -np.inf, 1e12, -1e12, 1e9, 0.0, 1e-300]


def row(x, y, to=(0, 0), score=0.9, cls=0):
    return [x, y, x + to[0], y + to[1], score, cls]


def fly(tracker, frames, start=(50.0, 100.0), to=(8.0, -3.0), skip=(), **words):
    """Feed one straight flight; return the ids seen by frame."""
    seen = []
    for k in range(frames):
        here = [start[0] + k * to[0], start[1] + k * to[1]]
        rows = [] if k in skip else [row(*here, to)]
        seen.append(tracker.update(rows, **words)[:, 2].tolist())
    return seen


def test_columns():
    tracker = BallTracker(confirm_hits=1)
    for k in range(6):
        tracks = tracker.update([row(300, 9, score=0.05), row(8 * k, 50, (8, 0), 0.75, 2)])
    assert tracks.dtype == np.float64
    assert tracks.shape == (1, 8)
    x, y, track, score, cls, index, vx, vy = tracks[0]
    assert (x, y) == (pytest.approx(40, abs=1), pytest.approx(50, abs=1))
    assert (track, score, cls, index) == (1, 0.75, 2, 1)
    assert (vx, vy) == (pytest.approx(240, abs=15), pytest.approx(0, abs=15))  # px per second at 30 fps


def test_a_ball_gets_its_id_when_it_is_confirmed_and_keeps_it_through_gaps():
    assert fly(BallTracker(), 20, skip=(6, 10, 11, 12)) == [
        [1] if k > 1 and k not in (6, 10, 11, 12) else [] for k in range(20)
    ]


def test_nothing_keeps_the_columns():
    tracker = BallTracker()
    assert tracker.update([]).shape == (0, 8)
    assert tracker.removed.tolist() == tracker.lost.tolist() == []


def test_a_flash_gets_no_id():
    tracker = BallTracker()
    for k in range(12):
        assert len(tracker.update([row(*np.random.default_rng(k).uniform(0, 600, 2))] if k % 4 == 0 else [])) == 0
    assert tracker.born == 0


def test_the_end_is_told_once_and_is_final():
    tracker = BallTracker(track_buffer=5)
    fly(tracker, 4)
    ended, lost = [], []
    for _ in range(10):
        tracker.update([])
        ended.append(tracker.removed.tolist())
        lost.append(tracker.lost.tolist())
    assert ended == [[]] * 6 + [[1]] + [[]] * 3
    assert lost == [[1]] * 6 + [[]] * 4
    assert fly(tracker, 4)[-1] == [2]


def test_seconds_count_not_frames():
    tracker = BallTracker(track_buffer_s=0.5)
    for k in range(4):
        tracker.update([row(50 + 8 * k, 50, (8, 0))], timestamp=k / 25)
    tracker.update([], timestamp=3 / 25 + 0.4)
    assert tracker.lost.tolist() == [1]
    tracker.update([], timestamp=3 / 25 + 0.6)
    assert tracker.removed.tolist() == [1]


def test_flight_at_any_frame_rate():
    for rate in (10, 25, 60, 240):
        tracker = BallTracker()
        for k in range(12):
            x = 50 + 200 * k / rate
            ids = tracker.update([row(x, 60, (200 / rate, 0))], timestamp=k / rate)[:, 2].tolist()
        assert ids == [1]


def test_hits_are_followed_by_the_forecast_or_a_good_score():
    def ids(**words):
        tracker, at, to, seen = BallTracker(**words), np.array([100.0, 200.0]), np.array([20.0, 0.0]), set()
        for k in range(30):
            if k % 8 == 7:
                to = -1.5 * to if abs(to[0]) < 25 else -to / 1.5
            seen |= set(tracker.update([row(*at, to)])[:, 2].tolist())
            at = at + to
        return seen

    assert ids() == ids(hit_thresh=1) == ids(use_next=False) == {1}
    assert len(ids(hit_thresh=1, use_next=False)) > 1


def test_hits_that_no_forecast_saw_are_seen_by_looking_back():
    """The newest frame's forecast goes straight on; one frame later the same network knows better."""

    def ids(look_back):
        tracker, seen, before = BallTracker(hit_thresh=1), set(), None
        at, to = np.array([100.0, 200.0]), np.array([20.0, 0.0])
        for k in range(30):
            blind = row(*at, to)
            seen |= set(tracker.update([blind], previous=[before] if look_back and before else None)[:, 2].tolist())
            if k % 8 == 7:
                to = -1.5 * to if abs(to[0]) < 25 else -to / 1.5
            before, at = row(*at, to), at + to
        return seen

    assert ids(True) == {1}
    assert len(ids(False)) > 1


def test_results_bring_their_second_look():
    def fly_once(previous):
        tracker = BallTracker(hit_thresh=1)
        for k in range(6):
            tracker.update(Results((360, 640), {}, Detections.empty(), BallRecords.of([row(50 + 10 * k, 90, (10, 0))])))
        back = BallRecords.of([row(70, 70, (-30, -20))])
        again = BallRecords.of(previous)
        return tracker.update(Results((360, 640), {}, Detections.empty(), back, again))[:, 2].tolist()

    assert fly_once([row(100, 90, (-30, -20))]) == [1]
    assert fly_once([]) == []


def test_a_bad_second_look_leaves_the_tracker_as_it_was():
    tracker = BallTracker()
    with pytest.raises(TrackerError, match="ball 0 has score 2"):
        tracker.update([], previous=[row(0, 0, score=2.0)])
    assert tracker.frames == 0


def test_two_balls_that_cross_keep_their_ids():
    tracker = BallTracker()
    for k in range(40):
        rows = [row(10 * k, 100, (10, 0)), row(400 - 10 * k, 104, (-10, 0))]
        tracks = tracker.update(rows[:: -1 if k % 2 else 1])
    assert {track: round(x) for x, _, track, *_ in tracks.tolist()} == {1: 390, 2: 10}
    assert tracker.born == 2


def test_results_bring_their_size():
    """A step of 90 px is beyond reach at 640 px and an ordinary one at 1920."""

    def ids(shape):
        tracker = BallTracker()
        for k in range(6):
            found = BallRecords.of([row(100 + 90 * k, 100, (90, 0))])
            tracks = tracker.update(Results(shape, {}, Detections.empty(), found))
        return tracks[:, 2].tolist()

    assert ids((1080, 1920)) == [1]
    assert ids((360, 640)) == []
    assert [fly(BallTracker(shape=(1080, 1920)), 6, to=(90, 0))[-1], fly(BallTracker(), 6, to=(90, 0))[-1]] == [[1], []]
    assert fly(BallTracker(), 6, to=(90, 0), shape=(1080, 1920))[-1] == [1]


def test_a_bad_frame_leaves_the_tracker_as_it_was():
    tracker, other = BallTracker(), BallTracker()
    fly(tracker, 4)
    fly(other, 4)
    for bad in (np.zeros((1, 5)), [row(0, 0, score=2.0)], "ball"):
        with pytest.raises(TrackerError):
            tracker.update(bad)
    with pytest.raises(TrackerError, match="timestamp 3"):
        tracker.update([], timestamp=3.0)
    with pytest.raises(TrackerError, match=r"a frame of shape \(0, 5\) has no size"):
        tracker.update([], shape=(0, 5))
    assert tracker.frames == 4
    np.testing.assert_array_equal(tracker.update([row(82, 88)]), other.update([row(82, 88)]))


def test_what_is_dropped_or_ignored_is_counted():
    tracker = BallTracker(max_candidates=3)
    tracker.update([row(np.nan, 1), row(1e10, 1), row(5, 5)])
    assert (tracker.dropped, tracker.ignored) == (2, 0)
    tracker.update([row(10 * k, 5, score=0.1 * k) for k in range(8)])
    assert (tracker.dropped, tracker.ignored) == (2, 5)


def test_a_hundred_thousand_candidates():
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.uniform(0, 640, (100_000, 4)), rng.uniform(0, 1, 100_000), np.zeros(100_000)])
    tracker = BallTracker()
    for _ in range(3):
        tracks = tracker.update(rows)
    assert tracker.ignored == 3 * (100_000 - 32)
    assert set(tracks[:, 5].tolist()) <= set(np.argsort(-rows[:, 4])[:32].tolist())


def random_stream(seed, wild=True):
    """Frames of a few balls that fly, vanish and are hit, with false ones among them; and their timestamps."""
    rng = np.random.default_rng(seed)
    at, to = rng.uniform(0, 600, (3, 2)), rng.normal(0, 10, (3, 2))
    clock, timed = 0.0, bool(rng.integers(2))
    for _ in range(25):
        at, to = at + to, np.where(rng.uniform(size=(3, 1)) < 0.1, rng.normal(0, 20, (3, 2)), to)
        shown = rng.uniform(size=3) < 0.8
        rows = [row(*p, v, s) for p, v, s in zip(at[shown], to[shown], rng.uniform(0, 1, 3), strict=False)]
        rows += [row(*rng.uniform(0, 600, 2), rng.normal(0, 9, 2), rng.uniform()) for _ in range(rng.poisson(1))]
        rows = np.array(rows).reshape(-1, 6)
        if wild:
            hit = rng.uniform(size=rows.shape) < 0.08
            hit[:, 4:] = False
            rows[hit] = rng.choice(SPECIAL, hit.sum())
            rows[rng.uniform(size=len(rows)) < 0.05, 4] = np.nan
        clock += float(rng.choice([0, 1 / 30, 0.2, 5, 1e6] if wild else [1 / 30]))
        yield rows, clock if timed else None


def run_one(seed):
    rng = np.random.default_rng(seed)
    tracker = BallTracker(
        track_buffer=int(rng.integers(0, 8)),
        per_class=bool(rng.integers(2)),
        confirm_hits=int(rng.integers(1, 4)),
        use_next=bool(rng.integers(2)),
    )
    gone, known = set(), set()
    for rows, clock in random_stream(seed):
        tracks = tracker.update(rows, timestamp=clock)
        ids = tracks[:, 2].tolist()
        assert np.isfinite(tracks).all()
        assert len(set(ids)) == len(ids)
        assert not gone & set(ids)
        assert all(track >= 1 and track == int(track) for track in ids)
        index = tracks[:, 5].astype(int)
        assert len(set(index.tolist())) == len(index)
        assert np.array_equal(rows[index][:, [4, 5]], tracks[:, [3, 4]])
        known |= set(ids)
        ended = set(tracker.removed.tolist())
        assert ended <= known
        assert not gone & ended
        gone |= ended
        assert not gone & set(tracker.lost.tolist())
        assert not set(ids) & set(tracker.lost.tolist())
    assert known == set(range(1, tracker.born + 1))


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32))
def test_any_sequence(seed):
    run_one(seed)


@pytest.mark.slow
@settings(deadline=None, max_examples=10_000)
@given(st.integers(0, 2**32))
def test_ten_thousand_sequences(seed):
    run_one(seed)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 2**32), min_size=2, max_size=3))
def test_interleaved_streams_equal_separate_runs_bit_for_bit(seeds):
    alone = []
    for seed in seeds:
        tracker = BallTracker()
        alone.append([tracker.update(rows, timestamp=clock) for rows, clock in random_stream(seed)])
    trackers, together = [BallTracker() for _ in seeds], [[] for _ in seeds]
    for frames in zip(*(random_stream(seed) for seed in seeds), strict=True):
        for tracker, out, (rows, clock) in zip(trackers, together, frames, strict=True):
            out.append(tracker.update(rows, timestamp=clock))
    for a, b in zip(alone, together, strict=True):
        assert [x.tobytes() for x in a] == [x.tobytes() for x in b]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_reset_is_as_good_as_new(first, second):
    used, fresh = BallTracker(), BallTracker()
    for rows, clock in random_stream(first):
        used.update(rows, timestamp=clock)
    used.reset()
    assert (used.frames, used.dropped, used.ignored, used.born) == (0, 0, 0, 0)
    for rows, clock in random_stream(second):
        a, b = used.update(rows, timestamp=clock), fresh.update(rows, timestamp=clock)
        assert a.tobytes() == b.tobytes()
        assert used.removed.tolist() == fresh.removed.tolist()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32))
def test_the_callers_array_is_left_alone(seed):
    tracker = BallTracker()
    for rows, clock in random_stream(seed):
        before = rows.copy()
        tracker.update(rows, timestamp=clock)
        np.testing.assert_array_equal(rows, before)
