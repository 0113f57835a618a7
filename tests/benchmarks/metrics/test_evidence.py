import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_benchmarks.metrics.evidence import Evidence, caution, compare
from numa_benchmarks.metrics.mot_counts import FIGURES, figure

pytest.importorskip("scipy", reason="needs the eval extra")


def counts(found, together, switches=0, total=1000):
    """A sequence of `total` labelled boxes, `found` of them, associated to the share `together`."""
    hota = np.repeat([found, total - found, 50, found * together], 19)
    return np.concatenate([hota, [found, total - found, 50, switches], [found * together, total - found, 50]]).astype(
        float
    )


def tracker(*shares, **more):
    return {f"S-{number:02d}": counts(800, share, **more) for number, share in enumerate(shares)}


def test_the_same_results_differ_in_nothing():
    same = tracker(0.5, 0.6, 0.7, 0.8, 0.55, 0.65, 0.75)
    for evidence in compare(same, same):
        assert (evidence.difference, evidence.better, evidence.interval, evidence.p) == (0, 0, (0, 0), 1)


def test_better_on_all_of_seven():
    shares = np.array([0.5, 0.6, 0.7, 0.8, 0.55, 0.65, 0.75])
    more = shares + np.array([0.02, 0.01, 0.03, 0.02, 0.04, 0.01, 0.02])
    hota, mota, idf1 = compare(tracker(*shares), tracker(*more))
    assert (hota.better, hota.sequences) == (7, 7)
    low, high = hota.interval
    assert 0 < low < hota.difference < high
    assert hota.p == pytest.approx(2 / 2**7)  # the smallest there is: every swap gives less
    assert idf1.difference > 0
    assert mota.difference == 0
    assert hota.line() == f"HOTA better on 7 of 7, {hota.difference:+.2f} [{low:+.2f}, {high:+.2f}], p 0.016"


def test_one_lucky_sequence_is_no_evidence():
    before = tracker(0.5, 0.6, 0.7, 0.8, 0.55, 0.65, 0.75)
    after = tracker(0.8, 0.59, 0.69, 0.8, 0.54, 0.64, 0.76)
    hota = compare(before, after)[0]
    assert hota.difference > 1
    assert hota.better == 2
    assert hota.interval[0] < 0 < hota.interval[1]
    assert hota.p > 0.05


def test_the_copies_for_three_detectors_are_one_sequence():
    def copied(share):
        return {
            f"MOT17-{number:02d}-{word}": counts(800, share) for number in range(4) for word in ("DPM", "FRCNN", "SDP")
        }

    evidence = compare(copied(0.5), copied(0.6))[0]
    assert (evidence.sequences, evidence.better) == (4, 4)
    assert evidence.p == pytest.approx(2 / 2**4)


def test_too_few_sequences_give_no_interval():
    evidence = compare(tracker(0.5, 0.6), tracker(0.6, 0.7))[0]
    assert (evidence.interval, evidence.p) == (None, None)
    assert evidence.line() == f"HOTA better on 2 of 2, {evidence.difference:+.2f}"
    assert evidence.to_dict()["low_points"] is None
    assert caution(2) == "2 of 3 sequences that an interval needs"
    assert "too short" in caution(7)
    assert caution(30) == ""


@settings(max_examples=10)
@given(st.lists(st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)), min_size=3, max_size=6))
def test_swapping_the_trackers_turns_the_sign(pairs):
    one, two = tracker(*(a for a, _ in pairs)), tracker(*(b for _, b in pairs))
    for there, back in zip(compare(one, two), compare(two, one), strict=True):
        assert there.difference == pytest.approx(-back.difference)
        assert there.p == pytest.approx(back.p)


def test_figures_of_added_counts():
    both = counts(800, 0.5) + counts(600, 0.9)
    assert FIGURES == ("hota", "mota", "idf1")
    assert figure("hota", both) == pytest.approx(100 * np.sqrt(1400 / 2100 * (400 + 540) / 1400))
    assert figure("mota", both) == pytest.approx(100 * (1400 - 100) / 2000)
    assert isinstance(compare(tracker(0.5), tracker(0.5))[0], Evidence)
