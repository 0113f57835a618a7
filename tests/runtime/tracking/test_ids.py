"""When tracks get their number: detections that come once must not use up ids."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking import Tracker, load_params

NAMES = ("bytetrack", "sort", "ocsort", "botsort")


def flickering(frames=100, seed=0):
    """One object from the first frame on, one from frame 60 on, and a detection elsewhere in every frame."""
    rng = np.random.default_rng(seed)
    for frame in range(frames):
        x, y = rng.uniform(400, 5000, 2)
        rows = [[100, 100, 160, 260, 0.9, 0], [x, y, x + 40, y + 40, 0.6, 0]]
        yield np.array(rows + ([[3000, 100, 3060, 260, 0.9, 0]] if frame >= 60 else []))


def tracker_of(name, **parameters):
    return Tracker(name, **parameters, **({"gmc_method": "none"} if name == "botsort" else {}))


def run(tracker, frames):
    """Return the ids of every frame."""
    return [tracker.update(rows)[:, 4].astype(int).tolist() for rows in frames]


@pytest.mark.parametrize("name", NAMES)
def test_ids_do_not_skip(name):
    """The flickers of the first frames are shown at once, as all tracks are then; later ones never."""
    shown = run(tracker_of(name), flickering())
    at_start = max(max(ids) for ids in shown[:4])
    assert set(shown[-1]) == {1, at_start + 1}
    assert {one for ids in shown for one in ids} == set(range(1, at_start + 2))


@pytest.mark.parametrize("name", NAMES)
def test_only_the_numbers_differ(name):
    confirmed, born = tracker_of(name), tracker_of(name, ids="born")
    names = {}
    for rows in flickering():
        ours, theirs = confirmed.update(rows), born.update(rows)
        assert np.array_equal(np.delete(ours, 4, axis=1), np.delete(theirs, 4, axis=1))
        for one, other in zip(ours[:, 4].tolist(), theirs[:, 4].tolist(), strict=True):
            assert names.setdefault(other, one) == one
        assert set(confirmed.lost) == {int(names[one]) for one in born.lost.tolist() if one in names}
        assert set(confirmed.removed) == {int(names[one]) for one in born.removed.tolist() if one in names}
    assert list(names.values()) == list(range(1, len(names) + 1)), "in the order in which they were first shown"
    assert (confirmed.born, born.born > 50) == (len(names), True)


def test_classic_numbers_at_birth_as_published():
    classic, born = Tracker(compat="classic"), Tracker(compat="classic", ids="born")
    assert run(classic, flickering()) == run(born, flickering())
    assert classic.born > 90


def test_ids_begin_again_after_reset_and_go_on_in_copies():
    tracker, frames = Tracker(), list(flickering(80))
    first = run(tracker, frames)
    tracker.reset()
    assert run(tracker, frames[:40]) == first[:40]
    copy = pickle.loads(pickle.dumps(tracker))
    assert run(copy, frames[40:]) == run(tracker, frames[40:]) == first[40:]


def test_the_way_of_numbering_may_change_while_there_are_tracks():
    tracker = Tracker()
    frames = list(flickering(60))
    run(tracker, frames)
    unseen = np.array([[3000.0, 100, 3060, 260, 0.9, 0]])
    assert run(tracker, [unseen]) == [[]]
    tracker.change(load_params("bytetrack", ids="born"))
    (shown,) = run(tracker, [unseen])
    assert shown == [tracker.born]


def test_another_word_is_refused():
    with pytest.raises(TrackerError, match=r"ids='shown' is unknown") as error:
        Tracker(ids="shown")
    assert "confirmed or born" in error.value.hint
