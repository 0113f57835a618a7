"""What is painted in metres lies where the camera sees that place."""

import numpy as np
import pytest

from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.painter import Painter, slab

SIZE = (90, 160)
CAMERA = Camera.looking(np.array([0.0, -12.0, 5.0]), np.zeros(3), 130.0, SIZE)
WHITE, SQUARE = np.full(3, 255.0), slab(-1, -1, 1, 1, 0.0)


def painter(shade=0):
    return Painter(np.full((*SIZE, 3), shade, np.uint8), CAMERA)


def test_an_area_is_centred_where_its_middle_is_seen_and_ends_at_its_corners():
    brush = painter()
    brush.area(SQUARE, WHITE)
    y, x = np.nonzero(brush.picture[..., 0] > 128)
    corners, _ = CAMERA.project(SQUARE)
    assert x.min() == pytest.approx(corners[:, 0].min(), abs=1.5)
    assert y.max() == pytest.approx(corners[:, 1].max(), abs=1.5)


def test_what_reaches_behind_the_camera_or_out_of_the_picture_paints_nothing():
    brush = painter()
    brush.area(slab(-1, -30, 1, 1, 0.0), WHITE)
    brush.area(SQUARE + np.array([300.0, 0, 0]), WHITE)
    brush.letters(slab(-1, -30, 1, 1, 0.0), np.full((9, 9), 255, np.uint8), WHITE)
    assert not brush.picture.any()


def test_half_of_a_colour_is_half_of_it():
    brush = painter(100)
    brush.area(SQUARE, np.full(3, 200.0), 0.5)
    x, y = CAMERA.project(np.zeros(3))[0].astype(int)
    assert brush.picture[y, x].tolist() == [150, 150, 150]


def test_the_first_corner_is_the_top_left_of_letters():
    brush = painter()
    mask = np.zeros((40, 40), np.uint8)
    mask[:20, :20] = 255
    board = np.array([[-2.0, 0, 2], [2, 0, 2], [2, 0, 0], [-2, 0, 0]])
    brush.letters(board, mask, WHITE)
    seen = brush.picture[..., 0].astype(float)
    y, x = np.indices(SIZE)
    middle = np.array([(seen * x).sum(), (seen * y).sum()]) / seen.sum()
    assert middle == pytest.approx(CAMERA.project(np.array([-1.0, 0, 1.5]))[0], abs=1.0)


def test_a_block_shows_its_top_brighter_than_its_front():
    brush = painter()
    brush.block(np.array([-1.0, -1, 0]), np.array([1.0, 1, 1]), np.full(3, 100.0))
    tops = CAMERA.project(np.array([[0.0, 0, 1], [0, -1, 0.5]]))[0].astype(int)
    (x, top), (_, front) = tops
    assert brush.picture[top, x, 0] == 110
    assert brush.picture[front, x, 0] == 85
