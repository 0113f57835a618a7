import pytest

from numa_runtime.explain.reasons import Rules
from numa_runtime.explain.stages import Standing, stages_of
from numa_runtime.tracking.config import load_params


def named(stages):
    return [(stage.name, stage.limit_name, stage.limit, stage.fused) for stage in stages]


def test_bytetrack_has_three():
    assert named(stages_of(load_params("bytetrack", match_thresh=0.7))) == [
        ("first association", "match_thresh", 0.7, True),
        ("second association", "second_match_thresh", 0.5, False),
        ("association of new tracks", "unconfirmed_match_thresh", 0.7, True),
    ]


def test_classic_fuses_scores_in_the_second_too():
    assert [stage.fused for stage in stages_of(load_params("bytetrack", compat="classic"))] == [True] * 3


@pytest.mark.parametrize(
    ("score", "word"), [(0.25, "high"), (0.9, "high"), (0.2499, "low"), (0.1001, "low"), (0.1, None), (0.0, None)]
)
def test_bands(score, word):
    band = Rules(stages_of(load_params("bytetrack")), False).band_of(score)
    assert (band and band.word) == word


@pytest.mark.parametrize(
    ("standing", "score", "name"),
    [
        (Standing.TRACKED, 0.5, "first association"),
        (Standing.LOST, 0.5, "first association"),
        (Standing.UNCONFIRMED, 0.5, "association of new tracks"),
        (Standing.TRACKED, 0.2, "second association"),
        (Standing.LOST, 0.2, None),
        (Standing.UNCONFIRMED, 0.2, None),
        (Standing.TRACKED, 0.05, None),
    ],
)
def test_who_meets_what(standing, score, name):
    stage = Rules(stages_of(load_params("bytetrack")), False).stage_for(standing, score)
    assert (stage and stage.name) == name


def test_what_is_compared_and_asked():
    first, second, _ = stages_of(load_params("bytetrack"))
    assert first.strength(0.5, 0.4) == pytest.approx(0.2)
    assert second.strength(0.5, 0.4) == 0.5
    assert first.needed == pytest.approx(0.2)
