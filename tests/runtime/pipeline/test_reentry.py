"""The appearance side of a follower: nothing changes without it, and what it tells stays short."""

import numpy as np
import pytest
from followers import follower_of
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.pipeline.reentry import MOST, Comebacks, Reentry
from numa_runtime.results import Detections, Results
from numa_runtime.tracking import Tracker
from numa_runtime.tracking.gallery import Return


def churn(seed, frames=50):
    """Objects that come and go, each with a look of its own that nobody else has."""
    rng = np.random.default_rng(seed)
    at, until, names = rng.uniform(0, 500, (4, 2)), rng.integers(5, 30, 4), np.arange(4)
    for frame in range(frames):
        new = until < frame
        at[new], until[new] = rng.uniform(0, 500, (new.sum(), 2)), frame + rng.integers(5, 30, new.sum())
        names[new] = names.max() + 1 + np.arange(new.sum())
        seen = rng.uniform(size=4) < 0.9
        found = Detections.of(
            np.column_stack([at, at + np.array([40, 80])])[seen],
            rng.uniform(0.3, 1, seen.sum()),
            np.zeros(seen.sum()),
            features=np.eye(256)[names[seen]],
        )
        yield Results((720, 960), {0: "person"}, found, frame_index=frame, timestamp=frame / 30)


@pytest.mark.parametrize("gallery", [0])
@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**32))
def test_ids_are_the_trackers_own_bit_for_bit_without_a_gallery(gallery, seed):
    words = {"track_buffer": 40, "gallery": gallery, "gallery_similarity": 0.999}
    follower, tracker = follower_of(words, balls=False), Tracker(track_buffer=40)
    follower.start()
    for result in churn(seed):
        tracks = tracker.update(result.detections.rows(), timestamp=follower._now + 1 / 30)
        found = follower(result).detections
        whole = found.xyxy if found.whole is None else found.whole
        seen = np.isin(tracks[:, 4].astype(int), found.id)
        np.testing.assert_array_equal(whole, tracks[seen, :4].astype(np.float32))
        np.testing.assert_array_equal(found.id, tracks[seen, 4])


def test_without_a_gallery_rows_are_not_even_copied():
    rows = np.ones((2, 8))
    assert Reentry().rename(rows, None, np.zeros(0, np.int64), 0.0) is rows
    assert Reentry().new_run() is None


def test_many_comebacks_are_counted_and_few_are_told():
    told = Comebacks()
    assert told.lines() == ["nobody who left came back"]
    for track in range(3 * MOST):
        told.add((Return(track, track + 9, 2.5, 0.875),))
    assert told.count == 3 * MOST
    (line,) = told.lines()
    assert line.startswith("300 came back: id 0 after 2.5 s, id 1 after 2.5 s")
    assert line.endswith("id 5 after 2.5 s, ...")
    rows = told.to_dict()["comebacks"]
    assert len(rows) == MOST
    assert rows[1] == {"id": 1, "tracker_id": 10, "away_s": 2.5, "similarity": 0.875}
