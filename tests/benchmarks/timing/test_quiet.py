import pytest

from numa_benchmarks.timing.quiet import SKIPPED, Cost, skipped

MS = 1_000_000


def test_each_frames_best_round_counts_and_then_the_median():
    start = [99 * MS] * SKIPPED
    one = start + [5 * MS] * 10 + [1 * MS] * 5
    two = start + [2 * MS] * 10 + [9 * MS] * 5
    cost = Cost.of([one, two])
    assert cost.quiet_ms == 2
    assert cost.frames == 15
    assert cost.all_ms.mean == pytest.approx((50 + 5 + 20 + 45) / 30)


def test_a_slow_phase_in_one_round_leaves_no_trace():
    calm = [MS] * 40
    assert Cost.of([calm, [7 * MS] * 40, calm]).quiet_ms == 1


def test_rounds_that_were_cut_count_as_far_as_they_got():
    cost = Cost.of([[3 * MS] * 4, [2 * MS] * 3])
    assert skipped(4) == 2
    assert cost.frames == 2
    assert cost.quiet_ms == 2.5


def test_others_can_be_looked_at_on_the_same_frames():
    times = [[MS] * 20 + [9 * MS] * 80]
    assert Cost.of(times).quiet_ms == 9
    assert Cost.of(times, 20).quiet_ms == 1


def test_keys():
    assert set(Cost.of([[MS]]).to_dict()) == {
        "track_ms_quiet", "track_ms", "track_ms_p50", "track_ms_p90", "track_ms_p99", "timed_frames",
    }  # fmt: skip
