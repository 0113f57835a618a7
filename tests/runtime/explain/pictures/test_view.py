import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.explain.boxes import corners
from numa_runtime.explain.pictures.view import View

place = st.tuples(st.floats(0, 1200), st.floats(0, 650), st.floats(5, 80), st.floats(5, 70))


@given(st.lists(place, min_size=1, max_size=4))
def test_all_boxes_are_inside(places):
    boxes = [np.array([x, y, x + w, y + h]) for x, y, w, h in places]
    view = View.around(boxes, 440, 380, (720, 1280, 3))
    points = view.points(np.concatenate([corners(box) for box in boxes]))
    assert points.min() >= -1e-6
    assert points[:, 0].max() <= 440 + 1e-6
    assert points[:, 1].max() <= 380 + 1e-6


def test_what_is_cut_is_what_is_drawn_on():
    frame = np.zeros((200, 300, 3), np.uint8)
    frame[50:100, 100:140] = 255
    view = View.around([np.array([100.0, 50, 140, 100])], 440, 380, frame.shape)
    cut = view.cut(frame)
    (x1, y1), (x2, y2) = view.points(np.array([[100.0, 50], [140, 100]])).round().astype(int)
    assert cut.shape == (380, 440, 3)
    assert cut[y1 + 8 : y2 - 8, x1 + 8 : x2 - 8].min() > 250
    assert cut[y1 + 8 : y2 - 8, x2 + 8 : x2 + 20].max() < 30


def test_no_frame_is_dark_and_grey_ones_are_shown():
    view = View.around([np.array([10.0, 10, 50, 50])], 100, 100)
    assert view.cut(None).max() < 40
    assert view.cut(np.full((100, 100), 200, np.uint8)).max() == 200


def test_only_tags_of_the_view_are_shown():
    view = View.around([np.array([100.0, 100, 200, 200])], 100, 100)
    inside, outside = (view.points(corners(np.array(b))) for b in ([120.0, 120, 180, 180], [900.0, 900, 950, 950]))
    assert view.shows(inside)
    assert not view.shows(outside)
