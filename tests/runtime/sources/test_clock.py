from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from numa_runtime.sources.clock import LOOKED_AT, FileClock

TICK = Fraction(1, 100)


def times(ticks: list[int | None], tick: Fraction | None = TICK, fps: float = 25) -> tuple[list[float], list[str]]:
    said: list[str] = []
    clock = FileClock(ticks[:LOOKED_AT], tick, fps, said.append)
    return [clock(given, index) for index, given in enumerate(ticks)], said


def forward(found: list[float]) -> bool:
    return all(before < after for before, after in pairwise(found))


def test_a_files_own_times_count_from_its_first_frame() -> None:
    assert times([700, 704, 705, 750, 751]) == ([0, 0.04, 0.05, 0.5, 0.51], [])


def test_decode_times_for_presentation_times_are_seen_at_the_start() -> None:
    found, said = times([4, 16, 12, 8, 20, 32, 28, 24, 36, 48])
    assert found == [index / 25 for index in range(10)]
    assert said == ["the times of its frames do not go forward; they are counted instead, 25 per second"]


@pytest.mark.parametrize("ticks", [[5, None, None], [None], [0, 0, 0], [8, 4, 0]])
def test_missing_times_and_such_that_stand_still_are_counted(ticks: list[int | None]) -> None:
    found, said = times(ticks, fps=10)
    assert found == [index / 10 for index in range(len(ticks))]
    assert len(said) == 1


def test_a_format_without_times_is_counted_without_a_word() -> None:
    assert times([0, 3, 1], None, fps=50) == ([0, 0.02, 0.04], [])


def test_a_clock_that_starts_again_is_counted_from_there() -> None:
    ticks = [4 * index for index in range(50)]
    found, said = times([*ticks, *ticks])
    assert forward(found)
    assert found[:50] == [index / 25 for index in range(50)]
    assert found[53:] == pytest.approx([index / 25 for index in range(53, 100)])
    assert said == ["the times of its frames go back from frame 50 on; they are counted from there"]


def test_a_few_bad_times_do_not_spoil_the_good_ones() -> None:
    ticks: list[int | None] = [4 * index for index in range(400)]
    ticks[100], ticks[250], ticks[300] = 408, None, 0  # damage: one too far, one lost, one reset
    found, said = times(ticks)
    assert forward(found)
    assert said == []
    assert [found[index] for index in (99, 103, 249, 251, 299, 301, 399)] == [
        index / 25 for index in (99, 103, 249, 251, 299, 301, 399)
    ]


def test_every_pass_says_the_same_whatever_is_asked_later() -> None:
    ticks = [4 * index for index in range(30)] + [0] * 30
    assert times(ticks)[0][:40] == times(ticks[:40])[0]
