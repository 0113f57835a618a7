import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_benchmarks.tune.folds import hold_out, make_folds
from numa_runtime.errors import UsageError


@given(count=st.integers(2, 40), folds=st.integers(2, 50))
def test_every_clip_is_unseen_once(count, folds):
    made = make_folds(count, folds)
    assert len(made) == min(count, folds)
    assert sorted(clip for fold in made for clip in fold.unseen) == list(range(count))
    for fold in made:
        assert fold.seen
        assert not set(fold.seen) & set(fold.unseen)
        assert sorted(fold.seen + fold.unseen) == list(range(count))
        assert list(fold.unseen) == list(range(fold.unseen[0], fold.unseen[-1] + 1)), "neighbours stay together"


def test_nothing_to_split():
    assert make_folds(1, 3) == ()
    assert make_folds(5, 0) == ()


def test_hold_out():
    fold = hold_out(["a", "b", "c"], ["b"])
    assert (fold.seen, fold.unseen) == ((0, 2), (1,))
    with pytest.raises(UsageError, match=r"--holdout match1: there is no such sequence \(did you mean 'match-1'\?\)"):
        hold_out(["match-1", "match-2"], ["match1"])
    with pytest.raises(UsageError, match="none is left to tune on"):
        hold_out(["a"], ["a"])
