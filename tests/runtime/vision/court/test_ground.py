"""Pixels become metres as a camera made them, and points that no camera sees so are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import UsageError
from numa_runtime.vision.court.ground import Ground
from numa_runtime.vision.court.reading import read_court
from numa_runtime.vision.court.sports import SPORTS, court_of

CORNERS = [(436, 267), (844, 267), (979, 645), (307, 645)]


def seen_by(tilt, height, places):
    """Project places of the ground by a pinhole camera behind the near line."""
    x, y = np.asarray(places, float).T
    back = (20.0 - y) * np.cos(tilt) + height * np.sin(tilt)
    down = height * np.cos(tilt) - (20.0 - y) * np.sin(tilt)
    return np.stack([640 + 900 * (x - 3.05) / back, 360 + 900 * down / back], axis=1)


@settings(deadline=None)
@given(st.floats(0.15, 0.9), st.floats(3, 12), st.floats(0, 6.1), st.floats(0, 13.4))
def test_what_a_camera_saw_is_where_it_was(tilt, height, x, y):
    plan = court_of("badminton")
    corners = [(0, 0), (plan.width, 0), (plan.width, plan.length), (0, plan.length)]
    ground = Ground.of(plan, seen_by(tilt, height, corners))
    np.testing.assert_allclose(ground.metres(seen_by(tilt, height, [(x, y)])), [(x, y)], atol=1e-6)


def test_above_the_horizon_is_nowhere():
    ground = Ground.of(court_of("badminton"), CORNERS)
    assert np.isnan(ground.metres([(640, -800)])).all()
    assert np.isfinite(ground.metres([(640, 400)])).all()


def test_the_lines_of_real_footage_are_where_the_rules_put_them():
    """The short service lines of a broadcast frame, read off by hand, lie 1.98 m from the net."""
    ground = Ground.of(court_of("badminton"), CORNERS)
    (_, far), (_, near) = ground.metres([(640, 360), (640, 467)]).tolist()
    assert far == pytest.approx(6.7 - 1.98, abs=0.15)
    assert near == pytest.approx(6.7 + 1.98, abs=0.15)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (CORNERS[:3], "four points or more"),
        ([(0, 0), (1, 1), (2, 2), (5, 0)], "lie on one line"),
        ([CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]], "no camera sees"),
        ([(0, 0), (np.nan, 1), (2, 2), (5, 0)], "lie on one line"),
    ],
)
def test_points_that_make_no_court(points, said):
    with pytest.raises(UsageError, match=said):
        Ground.of(court_of("badminton"), points)


def test_points_from_a_text_and_from_a_file(tmp_path):
    text = " ".join(f"{x},{y}" for x, y in CORNERS)
    wanted = read_court(text, "badminton").matrix
    path = tmp_path / "court.yaml"
    path.write_text(f"sport: badminton\npoints: {[list(one) for one in CORNERS]}\n")
    np.testing.assert_allclose(read_court(str(path), None).matrix, wanted)
    places = [(0, 0), (6.1, 0), (6.1, 13.4), (0, 13.4)]
    rows = "".join(f"  - {{image: {list(i)}, court: {list(c)}}}\n" for i, c in zip(CORNERS, places, strict=True))
    path.write_text(f"size: [6.1, 13.4]\npoints:\n{rows}")
    np.testing.assert_allclose(read_court(str(path), None).matrix, wanted)


@pytest.mark.parametrize(
    ("said", "sport", "error"),
    [
        ("click", "tennis", "not clicked"),
        ("1,2 3,4", "tennis", "is not four corners"),
        ("1,2 3,2 3,4 1,4", None, "needs the sport"),
        ("1,2 3,2 3,4 1,4", "badmington", "did you mean 'badminton'"),
        ("court.txt", "tennis", "neither four corners nor a YAML file"),
        ("nowhere.yaml", None, "cannot be read"),
    ],
)
def test_what_is_no_court(said, sport, error):
    with pytest.raises(UsageError, match=error):
        read_court(said, sport)


@pytest.mark.parametrize("sport", sorted(SPORTS))
def test_lines_lie_on_their_court(sport):
    plan = SPORTS[sport]
    assert all(0 <= x <= plan.width and 0 <= y <= plan.length for a, b, c, d in plan.lines for x, y in ((a, b), (c, d)))
