"""Stands fill the picture, are darker than what is lit, and show people."""

import numpy as np

from numa_benchmarks.rally import court as court_module
from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.court import paint_court
from numa_benchmarks.rally.sports import Sport
from numa_benchmarks.rally.stands import paint_stands
from numa_benchmarks.rally.view import choose_camera

CAMERA = Camera.looking(np.array([0.0, -21.0, 8.0]), np.array([0.0, 2, 0]), 350.0, (144, 256))


def test_stands_are_mostly_dark_and_hardly_ever_empty():
    shades, busy = [], 0
    for seed in range(20):
        picture = np.full((144, 256, 3), 255, np.uint8)
        paint_stands(picture, CAMERA, 6.5, 9.0, np.random.default_rng(seed))
        shades.append(picture.mean())
        busy += picture[:60].std() > 1
    assert np.median(shades) < 40
    assert busy >= 15


def test_a_court_in_a_hall_is_brighter_than_the_hall(monkeypatch):
    brighter = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        monkeypatch.setattr(court_module, "letter_floor", lambda *_: None)
        canvas = paint_court(Sport.BADMINTON.court, CAMERA, rng, hall=True)
        seen = canvas.seen_by(CAMERA, CAMERA)
        x, y = CAMERA.project(np.array([0.7, -2.0, 0.0]))[0].astype(int)
        brighter += seen[y - 4 : y + 5, x - 4 : x + 5].mean() > seen[:25].mean()
    assert brighter >= 11


def test_players_in_a_broadcast_are_as_tall_as_in_footage():
    """A tenth to a third of the picture's height, the near one larger: three broadcasts have .14 to .26."""
    near, far = [], []
    for seed in range(60):
        camera = choose_camera(Sport.BADMINTON.court, (288, 512), np.random.default_rng(seed))
        if camera.eye[2] < 5.6:  # no broadcast
            continue
        pixels, _ = camera.project(np.array([[0.0, -4, 0], [0, -4, 1.75], [0, 4, 0], [0, 4, 1.75]]))
        near.append((pixels[0, 1] - pixels[1, 1]) / 288)
        far.append((pixels[2, 1] - pixels[3, 1]) / 288)
    assert len(near) > 30
    assert 0.14 < np.median(near) < 0.26
    assert 0.09 < np.median(far) < 0.2
    assert np.mean(np.array(near) > far) > 0.9
