"""The setting that adapters translate."""

import pytest

from numa_peers.thresholds import LOW, PUBLISHED, USUAL, Thresholds


@pytest.mark.parametrize("match", [0.0, 0.5, 0.7, 0.8, 0.9, 1.0])
def test_a_cost_is_an_overlap_read_from_the_other_end(match):
    assert Thresholds(match=match).iou + match == pytest.approx(1)
    assert Thresholds(match=match).iou == round(1 - match, 2)


def test_settings_are_in_order():
    for setting in (USUAL, PUBLISHED):
        assert LOW < setting.high <= setting.birth < 1
