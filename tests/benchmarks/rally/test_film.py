"""A camera's noise is held as a codec holds it, and its curve never turns back."""

from dataclasses import replace

import numpy as np
import pytest

from numa_benchmarks.rally.film import Film

PICTURE = np.full((64, 96, 3), 120, np.uint8)


def film(**changes):
    chosen = Film.chosen((64, 96), np.random.default_rng(1))
    tile = np.random.default_rng(2).normal(0, 3, (128, 160, 3)).round().astype(np.int16)
    same = np.arange(256).astype(np.uint8)
    return replace(chosen, **{"blur": 0.0, "sharpen": 0.0, "quality": 0, "curve": same, "tile": tile, **changes})


def test_grain_is_shared_by_as_many_frames_as_are_held():
    held = film(hold=4)
    frames = [held.develop(PICTURE, number) for number in range(9)]
    assert all(np.array_equal(frames[0], frames[k]) for k in range(4))
    assert not np.array_equal(frames[0], frames[4])
    assert not np.array_equal(frames[4], frames[8])


def test_grain_has_the_size_it_was_given_and_no_bias():
    noise = film(hold=1).develop(PICTURE, 0).astype(float) - 120
    assert noise.std() == pytest.approx(3, rel=0.1)
    assert abs(noise.mean()) < 0.3


def test_without_noise_or_curve_a_picture_stays_as_it_is():
    assert np.array_equal(film(tile=None).develop(PICTURE, 0), PICTURE)


@pytest.mark.parametrize("seed", range(10))
def test_brighter_stays_brighter(seed):
    curve = Film.chosen((64, 96), np.random.default_rng(seed)).curve.astype(int)
    assert (np.diff(curve) >= 0).all()
    assert curve[-1] - curve[0] > 150


def test_sharpening_raises_edges():
    picture = PICTURE.copy()
    picture[:, 48:] = 160
    row = film(tile=None, sharpen=0.5).develop(picture, 0)[10, :, 0].astype(int)
    assert row.max() > 160
    assert row.min() < 120
