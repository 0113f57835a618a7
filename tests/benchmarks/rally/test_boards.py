"""Boards and floors bear words that mean nothing, the same ones for the same seed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_benchmarks.rally.boards import Campaign, letter_floor, lettering, word
from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.painter import Painter

CAMERA = Camera.looking(np.array([0.0, -20.0, 8.0]), np.zeros(3), 260.0, (180, 320))


def boards(seed):
    rng = np.random.default_rng(seed)
    painter = Painter(np.zeros((180, 320, 3), np.uint8), CAMERA)
    Campaign.chosen(rng).row(painter, np.array([-5.0, 6, 0]), np.array([5.0, 6, 0]), 1.0, rng)
    return painter.picture


def test_the_seed_decides_every_letter():
    assert np.array_equal(boards(3), boards(3))
    assert not np.array_equal(boards(3), boards(4))


@given(seed=st.integers(0, 2**32), height=st.floats(1, 200), aspect=st.floats(0.3, 12))
@settings(max_examples=40, deadline=None)
def test_letters_have_ink_and_room_around_it(seed, height, aspect):
    mask = lettering(height, aspect, np.random.default_rng(seed))
    assert mask.dtype == np.uint8
    assert mask.shape[0] <= 96
    assert mask.mean() < 200


def test_letters_are_to_be_seen():
    inked = [lettering(40, 4, np.random.default_rng(seed)).mean() for seed in range(30)]
    assert min(inked) > 5


def test_words_are_letters_and_hardly_ever_the_same():
    rng = np.random.default_rng(0)
    words = [word(rng) for _ in range(200)]
    assert all(one.isalpha() for one in words)
    assert len({one.lower() for one in words}) > 190


def test_a_row_of_boards_fills_its_place_and_nothing_else():
    height = CAMERA.project(np.array([0.0, 6, 1.0]))[0][1]
    picture = boards(5)
    assert not picture[: int(height) - 3].any()
    bottom = CAMERA.project(np.array([0.0, 6, 0.0]))[0][1]
    assert not picture[int(bottom) + 4 :].any()
    assert picture[int((height + bottom) / 2), 116:204].any(axis=1).all()


def test_letters_on_the_floor_stay_off_most_of_the_court():
    painter = Painter(np.zeros((180, 320, 3), np.uint8), CAMERA)
    letter_floor(painter, 6.1, 13.4, np.full(3, 255.0), np.random.default_rng(1))
    share = (painter.picture[..., 0] > 60).mean()
    assert 0.0005 < share < 0.1
