from dataclasses import replace

import pytest
from explain_scenes import RULES, pair
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.explain.words import compared, matched, told_apart


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [(0.17, 0.2, ("0.17", "0.20")), (0.2011, 0.2, ("0.201", "0.200")), (0.1, 0.1, ("0.10000", "0.10000"))],
)
def test_numbers_that_differ_look_different(a, b, told):
    assert told_apart(a, b) == told


@given(st.floats(0, 1), st.floats(0, 1))
def test_what_is_told_is_not_misleading(a, b):
    one, other = told_apart(a, b)
    assert one == other or (float(one) < float(other)) == (a < b)


def test_what_is_compared():
    assert compared(pair(0.24, 0.71)) == "IoU 0.24 x score 0.71 = 0.17"
    assert compared(pair(0.24, 0.2)) == "IoU 0.24"
    assert compared(pair(0.24, 0.01)) == "IoU 0.24"


def test_what_matched():
    assert matched(pair(0.5, 0.8), RULES).text == (
        "The first association matched it: IoU 0.50 x score 0.80 = 0.40, more than 0.20 (match_thresh 0.8)."
    )
    assert matched(None, RULES).text == "Matched by something beyond its predicted box."
    assert matched(pair(0.6, 0.3), replace(RULES, also="it looks the same")).text == (
        "The first association matched it because it looks the same: IoU 0.60 x score 0.30 = 0.18 alone would not have "
        "been more than 0.20 (match_thresh 0.8)."
    )
