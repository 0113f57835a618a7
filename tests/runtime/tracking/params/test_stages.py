import pytest

from numa_runtime.explain.reasons import Rules
from numa_runtime.tracking.config import load_params
from numa_runtime.tracking.params.associations import Standing


def named(stages):
    return [(stage.name, stage.limit_name, stage.limit, stage.fused) for stage in stages]


def test_bytetrack_has_three():
    assert named(load_params("bytetrack", match_thresh=0.7).associations()) == [
        ("first association", "match_thresh", 0.7, True),
        ("second association", "second_match_thresh", 0.5, False),
        ("association of new tracks", "unconfirmed_match_thresh", 0.7, True),
    ]


def test_classic_fuses_scores_in_the_second_too():
    assert [stage.fused for stage in load_params("bytetrack", compat="classic").associations()] == [True] * 3


@pytest.mark.parametrize(
    ("score", "word"), [(0.25, "high"), (0.9, "high"), (0.2499, "low"), (0.1001, "low"), (0.1, None), (0.0, None)]
)
def test_bands(score, word):
    band = Rules(load_params("bytetrack").associations(), False).band_of(score)
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
    stage = Rules(load_params("bytetrack").associations(), False).stage_for(standing, score)
    assert (stage and stage.name) == name


def test_what_is_compared_and_asked():
    first, second, _ = load_params("bytetrack").associations()
    assert first.strength(0.5, 0.4) == pytest.approx(0.2)
    assert second.strength(0.5, 0.4) == 0.5
    assert first.needed == pytest.approx(0.2)
