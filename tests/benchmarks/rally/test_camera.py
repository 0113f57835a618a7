"""What a camera sees can be traced back to where it is."""

import numpy as np
import pytest

from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.sports import Sport
from numa_benchmarks.rally.view import Shake, choose_camera

EYE, AT, SIZE = np.array([1.0, -12.0, 4.0]), np.array([0.0, 0.0, 1.0]), (360, 640)
CAMERA = Camera.looking(EYE, AT, 500.0, SIZE, roll=0.02)


def test_points_come_back_along_their_ray():
    points = np.random.default_rng(0).uniform([-3, -5, 0], [3, 6, 3], (50, 3))
    pixels, depth = CAMERA.project(points)
    rays = np.column_stack([(pixels - [320, 180]) / 500.0, np.ones(50)])
    assert EYE + (rays * depth[:, None]) @ CAMERA.turn == pytest.approx(points)


def test_it_looks_where_it_is_told_and_the_world_is_upright():
    assert CAMERA.project(AT)[0] == pytest.approx([320, 180])
    level = Camera.looking(EYE, AT, 500.0, SIZE)
    (right, above), _ = level.project(AT + np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]))
    assert right[0] > 320
    assert above[1] < 180
    assert np.linalg.det(CAMERA.turn) == pytest.approx(1.0)


def test_a_turned_camera_sees_the_painted_picture_where_the_points_are():
    """Points of the world and points of the canvas move alike, so that labels stay on what is painted."""
    turned = CAMERA.turned(0.03, -0.02, 0.01)
    point = np.array([0.7, 2.0, 0.5])
    before, _ = CAMERA.project(point)
    x, y, w = turned.from_picture_of(CAMERA, (40.0, 20.0)) @ [before[0] + 40, before[1] + 20, 1.0]
    assert [x / w, y / w] == pytest.approx(turned.project(point)[0])


@pytest.mark.parametrize("sport", list(Sport))
def test_every_chosen_camera_has_the_court_in_view(sport):
    across, along = sport.court.width / 2, sport.court.length / 2
    floor = np.array([[0, 0, 0], [0.5 * across, 0, 0], [-0.5 * across, 0, 0], [0, 0.5 * along, 0]], float)
    for seed in range(40):
        camera = choose_camera(sport.court, SIZE, np.random.default_rng(seed))
        pixels, depth = camera.project(floor)
        assert (depth > 0).all()
        assert ((pixels > -1) & (pixels < [641, 361])).all(), seed


def test_shaking_stays_near_and_some_cameras_stand_still():
    still = 0
    for seed in range(30):
        shake = Shake(np.random.default_rng(seed), 30.0)
        seen = np.array([shake.next(CAMERA).project(AT)[0] for _ in range(60)])
        still += bool(np.ptp(seen, axis=0).max() == 0)
        assert np.abs(np.diff(seen, axis=0)).max() < 15
    assert 5 <= still <= 20
