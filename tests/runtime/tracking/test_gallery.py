"""Who comes back gets its id again; ids never collide, and memory stays flat."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.tracking import Gallery, GalleryParams, Tracker
from numa_runtime.tracking.config import TrackerName
from numa_runtime.tracking.gallery import LOOKS

AXES = np.eye(16)


def rows(*tracks, columns=8):
    """Tracker rows from (id, index) or (id, index, score, class)."""
    table = np.zeros((len(tracks), columns))
    for row, (track, index, *more) in zip(table, tracks, strict=True):
        score, cls = more or (0.9, 0)
        row[-4:] = track, score, cls, index
    return table


def names(table):
    return table[:, -4].astype(int).tolist()


def seen_and_gone(gallery, look=AXES[:1], track=1):
    """Show one track for three frames, then let it end."""
    for _ in range(3):
        gallery.rename(rows((track, 0)), look)
    gallery.rename(rows(), None, [track])


@pytest.mark.parametrize("columns", [8, 9])
def test_who_comes_back_gets_its_id_for_good(columns):
    gallery = Gallery()
    for moment in (0.0, 1.0, 2.0):
        gallery.rename(rows((1, 0), columns=columns), AXES[:1], now=moment)
    gallery.rename(rows(columns=columns), None, [1], 3.0)
    assert len(gallery) == 1
    assert gallery.removed.tolist() == []
    back = rows((2, 1), (3, 0), columns=columns)
    renamed = gallery.rename(back, AXES[[5, 0]] + 0.01, [], 9.5)
    assert names(renamed) == [1, 3]
    np.testing.assert_array_equal(np.delete(renamed, -4, axis=1), np.delete(back, -4, axis=1))
    (told,) = gallery.returned
    assert (told.id, told.tracker_id, told.away) == (1, 2, 7.5)
    assert told.similarity > 0.99
    assert len(gallery) == 0
    for _ in range(20):  # whatever it looks like later
        assert names(gallery.rename(rows((2, 0)), AXES[3:4])) == [1]
        assert gallery.returned == ()
    gallery.rename(rows(), None, [2])
    assert names(gallery.rename(rows((9, 0)), AXES[3:4])) == [1]  # and again


def test_who_looks_like_two_is_refused():
    gallery, twins = Gallery(), AXES[[0, 0]] + [[0.05] * 16, [-0.05] * 16]
    gallery.rename(rows((1, 0), (2, 1)), twins)
    gallery.rename(rows(), None, [1, 2])
    assert names(gallery.rename(rows((3, 0)), AXES[:1])) == [3]
    sure = Gallery(GalleryParams(margin=0.0))
    sure.rename(rows((1, 0), (2, 1)), twins)
    sure.rename(rows(), None, [1, 2])
    assert names(sure.rename(rows((3, 0)), twins[1:])) == [2]


def test_somebody_present_who_looks_alike_makes_it_doubtful():
    gallery = Gallery()
    gallery.rename(rows((1, 0), (2, 1)), AXES[[0, 0]])
    gallery.rename(rows((2, 0)), AXES[:1], [1])
    assert names(gallery.rename(rows((2, 0), (3, 1)), AXES[[0, 0]])) == [2, 3]


def test_two_that_come_for_one_id_do_not_both_get_it():
    gallery = Gallery(GalleryParams(margin=0.0, similarity=0.5))
    seen_and_gone(gallery)
    renamed = gallery.rename(rows((2, 0), (3, 1)), np.array([AXES[0] + 0.4 * AXES[1], AXES[0] + 0.1 * AXES[2]]))
    assert names(renamed) == [2, 1]


def test_strangers_other_classes_and_doubtful_sightings_stay_who_they_are():
    gallery = Gallery()
    seen_and_gone(gallery)
    assert names(gallery.rename(rows((2, 0)), AXES[1:2])) == [2]
    assert names(gallery.rename(rows((3, 0, 0.9, 7)), AXES[:1])) == [3]
    assert names(gallery.rename(rows((4, 0, 0.2, 0)), AXES[:1])) == [4]  # too faint to say
    assert names(gallery.rename(rows((5, 0)), np.zeros((1, 16)))) == [5]
    assert names(gallery.rename(rows((6, 0)), None)) == [6]
    assert len(gallery) == 1


def test_an_id_shown_before_it_was_known_ends():
    gallery = Gallery()
    seen_and_gone(gallery)
    assert names(gallery.rename(rows((2, 0, 0.1, 0)), AXES[:1])) == [2]
    assert names(gallery.rename(rows((2, 0)), AXES[:1])) == [1]
    assert gallery.removed.tolist() == [2]


def test_after_its_first_sightings_a_newcomer_is_settled():
    gallery = Gallery()
    seen_and_gone(gallery)
    for _ in range(LOOKS):
        gallery.rename(rows((2, 0)), AXES[1:2])
    for _ in range(60):
        assert names(gallery.rename(rows((2, 0)), AXES[:1])) == [2]


def test_who_is_lost_is_waited_for():
    gallery = Gallery()
    gallery.rename(rows((1, 0)), AXES[:1])
    for _ in range(3 * LOOKS):  # 1 is lost, not ended; 2 began after it was last seen
        assert names(gallery.rename(rows((2, 0)), AXES[:1])) == [2]
    assert names(gallery.rename(rows((2, 0)), AXES[:1], [1])) == [1]
    assert gallery.removed.tolist() == [2]


def test_two_seen_side_by_side_are_two():
    gallery = Gallery(GalleryParams(margin=0.0))
    gallery.rename(rows((1, 0), (2, 1, 0.1, 0)), AXES[[0, 0]])
    for _ in range(3):
        gallery.rename(rows((2, 0, 0.1, 0)), AXES[:1], [1])
        assert names(gallery.rename(rows((2, 0)), AXES[:1])) == [2]


def test_who_left_is_forgotten_in_time_and_the_first_first():
    gallery = Gallery(GalleryParams(seconds=5, size=2))
    gallery.rename(rows((1, 0), (2, 1), (3, 2)), AXES[:3], now=0.0)
    gallery.rename(rows(), None, [1, 2, 3], 1.0)
    assert gallery.removed.tolist() == [1]
    assert len(gallery) == 2
    gallery.rename(rows(), None, [], 5.5)
    assert gallery.removed.tolist() == [2, 3]
    assert names(gallery.rename(rows((4, 0)), AXES[1:2], [], 5.6)) == [4]


def test_bad_features_and_ids_that_rise_again_are_refused():
    gallery = Gallery()
    with pytest.raises(TrackerError, match=r"features of shape \(1, 16\) do not go with 2 detections"):
        gallery.rename(rows((1, 0), (2, 1)), AXES[:1])
    gallery.rename(rows((1, 0)), AXES[:1])
    with pytest.raises(TrackerError, match="have 4 numbers each, those of the frames before had 16"):
        gallery.rename(rows((1, 0)), np.ones((1, 4)))
    gallery.rename(rows(), None, [1])
    with pytest.raises(TrackerError, match="id 1 had ended and came back by itself"):
        gallery.rename(rows((1, 0)), AXES[:1])


def churn(tracker, seed, size):
    """Let objects of five looks come and go in front of a real tracker; check every frame, return who came back."""
    rng = np.random.default_rng(seed)
    follows = Tracker(tracker, track_buffer=3)
    gallery = Gallery(GalleryParams(seconds=2.0, size=size, margin=0.0, similarity=0.6))
    at, until, over, came = rng.uniform(0, 500, (5, 2)), rng.integers(5, 30, 5), set(), 0
    for frame in range(90):
        new = until < frame
        at[new], until[new] = rng.uniform(0, 500, (new.sum(), 2)), frame + rng.integers(5, 30, new.sum())
        here = np.flatnonzero((rng.uniform(size=5) < 0.9) & ((frame + 9 * np.arange(5)) % 40 < 25))
        boxes = np.column_stack([at[here], at[here] + [40, 80], rng.uniform(0.2, 1, len(here)), np.zeros(len(here))])
        looks = AXES[here] + rng.normal(0, 0.1, (len(here), 16))
        tracks = follows.update(boxes, timestamp=frame / 30)
        renamed = gallery.rename(tracks, looks, follows.removed, frame / 30)
        ids = names(renamed)
        assert len(set(ids)) == len(ids)
        assert not set(ids) & over
        over |= set(gallery.removed.tolist())
        assert len(gallery) <= size
        for back in gallery.returned:
            assert back.id in ids
            assert back.id != back.tracker_id
            came += 1
    return came


@pytest.mark.parametrize("tracker", list(TrackerName))
@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 4))
def test_ids_never_collide_and_what_ended_never_comes_back(tracker, seed, size):
    assert churn(tracker, seed, size) >= 0


def test_objects_do_come_back_in_that_churn():
    assert churn("bytetrack", 0, 5) > 3


def test_memory_is_bounded_over_ten_thousand_objects():
    import tracemalloc

    rng, gallery, sizes = np.random.default_rng(0), Gallery(GalleryParams(seconds=1e5, size=50)), []
    tracemalloc.start()
    for track in range(1, 10_001):
        look = rng.normal(size=(1, 64))
        gallery.rename(rows((track, 0)), look, [track - 1] if track > 1 else [])
        if track in (1_000, 10_000):
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert len(gallery) == 50
    assert sizes[1] < sizes[0] + 50_000  # bytes


def test_a_track_without_a_detection_learns_nothing():
    gallery = Gallery()
    for _ in range(3):
        gallery.rename(rows((1, 0)), AXES[:1])
    for _ in range(5):
        gallery.rename(rows((1, -1)), AXES[[7]])  # hidden behind who looks like this
    gallery.rename(rows(), None, [1])
    assert names(gallery.rename(rows((2, 0)), AXES[:1])) == [1]
