"""Looking back at a whole video: fragments joined, gaps filled, flickers removed, nothing made up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.offline.fill import Fill
from numa_runtime.tracking.offline.gaps import fill_gaps
from numa_runtime.tracking.offline.gaussian import length_scale, smoothed
from numa_runtime.tracking.offline.joining import join_fragments
from numa_runtime.tracking.offline.offline_pass import Joined, OfflinePass
from numa_runtime.tracking.offline.table import by_track


def walker(frames, number=1, x=100.0, y=100.0, speed=4.0, cls=0.0, score=0.8):
    """Return rows of one that walks to the right, 40 x 80 px."""
    frames = np.asarray(frames, np.float64)
    left = x + speed * frames
    rest = [np.full(len(frames), value) for value in (y + 80, score, cls)]
    return np.column_stack([frames, np.full(len(frames), number), left, np.full(len(frames), y), left + 40, *rest])


def test_a_hole_in_a_straight_walk_is_filled_exactly():
    whole = walker(range(30))
    table, done = OfflinePass()(np.delete(whole, range(10, 18), axis=0))
    np.testing.assert_allclose(table, whole)
    assert done == Joined(gaps=1, boxes=8)


def test_a_hole_longer_than_allowed_stays():
    rows = np.delete(walker(range(30)), range(10, 18), axis=0)
    for longest, gaps in ((7, 0), (8, 1)):
        assert fill_gaps(rows, longest)[1] == gaps
        assert len(OfflinePass(longest_gap=longest, least_overlap=2)(rows)[0]) == (30 if gaps else 22)


def test_a_walk_that_got_a_second_id_has_its_first_again():
    table, done = OfflinePass()(
        np.concatenate([walker(range(12), 3), walker(range(20, 40), 9), walker(range(5), 7, 900)])
    )
    assert done == Joined(fragments=1, gaps=1, boxes=8)
    np.testing.assert_allclose(table[table[:, 1] == 3], walker(range(40), 3))
    assert set(table[:, 1]) == {3, 7}


@pytest.mark.parametrize(
    "second",
    [
        walker(range(20, 40), 2, y=400.0),  # elsewhere
        walker(range(20, 40), 2, cls=1.0),  # something else
        walker(range(34, 60), 2),  # too late
        walker(range(8, 40), 2),  # at the same time
        walker(range(20, 40), 2, x=220.0, speed=-4.0),  # there already, and on its way back
    ],
    ids=["place", "class", "time", "together", "direction"],
)
def test_what_motion_does_not_allow_is_not_joined(second):
    _, done = OfflinePass()(np.concatenate([walker(range(12)), second]))
    assert done.fragments == 0


def test_the_better_of_two_successors_is_taken_and_chains_hold():
    first, good, off = walker(range(10)), walker(range(14, 24), 2), walker(range(14, 24), 3, x=110.0)
    third = walker(range(28, 40), 4)
    tracks, count = join_fragments([first, good, off, third], 20, 0.3)
    assert count == 2
    assert [sorted({*track[:, 0]}) for track in tracks] == [
        [*range(10), *range(14, 24), *range(28, 40)],
        [*range(14, 24)],
    ]
    assert [set(track[:, 1]) for track in tracks] == [{1.0}, {3.0}]


def test_flickers_go_and_are_counted():
    table, done = OfflinePass(shortest=3)(
        np.concatenate([walker(range(20)), walker([4, 5], 2, 900), walker([9], 3, 600)])
    )
    assert done == Joined(flickers=2)
    assert set(table[:, 1]) == {1}


def test_gaussian_smooths_noise_and_keeps_a_straight_walk():
    straight = walker(range(100))
    np.testing.assert_allclose(smoothed(straight), straight, atol=1e-6)
    noisy = straight.copy()
    noisy[:, 2:6] += np.random.default_rng(0).normal(0, 2, (100, 4))
    table, _ = OfflinePass(fill=Fill.GAUSSIAN)(noisy)
    assert np.std(table[:, 2:6] - straight[:, 2:6]) < 1.0 < np.std(noisy[:, 2:6] - straight[:, 2:6])
    assert np.array_equal(table[:, [0, 1, 6, 7]], noisy[:, [0, 1, 6, 7]])


def test_the_published_length_scale():
    assert [round(length_scale(rows), 1) for rows in (30, 100, 1000)] == [35.1, 23.0, 0.1]


def test_what_was_done_is_said():
    done = Joined(1, 2, 30, 0) + Joined(0, 1, 1, 4)
    assert done.line() == "offline: 1 fragment joined, 3 gaps filled (31 boxes), 4 flickers removed"
    assert done.to_dict()["offline_boxes"] == 31


def test_bad_input_is_refused():
    with pytest.raises(TrackerError, match="the longest gap is -1 frames"):
        OfflinePass(longest_gap=-1)
    with pytest.raises(TrackerError, match="id 1 is in a frame twice"):
        OfflinePass()(np.concatenate([walker(range(5)), walker([3])]))
    with pytest.raises(TrackerError, match="fill='cubic' is unknown"):
        Fill.parse("cubic")


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.integers(0, 30), st.sampled_from(Fill))
def test_any_tracks_keep_their_sightings_and_stay_unique(seed, longest, fill):
    rng = np.random.default_rng(seed)
    tracks = [
        walker(np.flatnonzero(rng.uniform(size=60) < rng.uniform()), i, *rng.uniform(0, 400, 2), rng.normal(0, 5))
        for i in range(6)
    ]
    given_ = np.concatenate(tracks)
    table, done = OfflinePass(longest_gap=longest, shortest=0, fill=fill)(given_)
    assert np.isfinite(table).all()
    assert len(table) == len(given_) + done.boxes
    assert len(np.unique(table[:, :2], axis=0)) == len(table)
    assert len(by_track(table)) == len([t for t in tracks if len(t)]) - done.fragments
    if fill is Fill.LINEAR:
        seen = {tuple(row) for row in table[:, [0, 2, 3]].round(6)}
        assert {tuple(row) for row in given_[:, [0, 2, 3]].round(6)} <= seen
    assert OfflinePass(shortest=0)(np.zeros((0, 8)))[0].shape == (0, 8)
