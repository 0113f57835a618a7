"""The cause, on plain numbers: no tracker needed."""

import pytest
from explain_scenes import pair

from numa_runtime.explain.reasons import Cause, why_without
from numa_runtime.tracking.params.associations import Standing


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        ([], Cause.NOTHING),
        ([pair(0.0, 0.9)], Cause.NOTHING),
        ([pair(0.2, 0.9)], Cause.LIMIT),
        ([pair(0.4, 0.2)], Cause.LIMIT),
        ([pair(0.9, 0.05)], Cause.WEAK),
        ([pair(0.9, 0.2, Standing.LOST)], Cause.CLOSED),
        ([pair(0.9, 0.2, Standing.UNCONFIRMED)], Cause.CLOSED),
        ([pair(0.9, 0.9, same_class=False)], Cause.CLASS),
        ([pair(0.9, 0.9, holder=4)], Cause.TAKEN),
        ([pair(0.9, 0.9, holder=4), pair(0.3, 0.05)], Cause.TAKEN),
        ([pair(0.9, 0.09), pair(0.25, 0.9, holder=4)], Cause.WEAK),
        ([pair(0.9, 0.05), pair(0.5, 0.9, holder=4)], Cause.TAKEN),
        ([pair(0.1, 0.9, holder=4)], Cause.HIDDEN),
        ([pair(0.1, 0.9, starts=5)], Cause.LIMIT),
        ([pair(0.9, 0.9)], Cause.UNKNOWN),
    ],
)
def test_causes(found, cause):
    assert why_without(found).cause is cause


def test_the_nearest_is_named_where_nothing_overlaps():
    reason = why_without([pair(0.0, 0.9, away=80, detection=1), pair(0.0, 0.5, away=30, detection=2)])
    assert reason.pairing.detection == 2


def test_the_best_free_one_is_kept_beside_the_one_that_was_taken():
    reason = why_without([pair(0.9, 0.9, holder=4), pair(0.6, 0.05, detection=3)])
    assert (reason.pairing.holder, reason.free.detection) == (4, 3)


@pytest.mark.parametrize(
    ("overlap", "score", "fits"), [(0.5, 0.5, True), (0.4, 0.5, False), (0.51, 0.2, True), (0.5, 0.2, False)]
)
def test_a_pair_fits_below_the_limit_only(overlap, score, fits):
    assert pair(overlap, score).fits is fits
