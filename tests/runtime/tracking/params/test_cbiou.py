"""C-BIoU: boxes that grow bring together what does not overlap, and the mean motion replaces the filter."""

import numpy as np
import pytest

from numa_runtime.explain import Recorder
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import overlap
from numa_runtime.tracking.kernels.inner import alone
from numa_runtime.tracking.tracker import Tracker


def box(x, y=100.0, w=40.0, h=80.0):
    return [x, y, x + w, y + h, 0.9, 0.0]


def follow(tracker, *lefts):
    return [tracker.update(np.array([box(x)])) for x in lefts]


@pytest.mark.parametrize(
    ("buffer", "expected"), [(0.0, 0.0), (0.3, 14 * 128 / (2 * 64 * 128 - 14 * 128)), (0.5, 3 / 13)]
)
def test_a_box_that_moves_farther_than_its_width_overlaps_once_it_has_grown(buffer, expected):
    """IoU 0 becomes .123 and .231, the worked example of 40 x 80 pixels moving by 50."""
    shapes = np.zeros((2, 1, at.N_SHAPES))
    for shape, left in zip(shapes, (0.0, 50.0), strict=True):
        shape[0, : at.S_AREA + 1] = [left, 0, left + 40, 80, 3200]
        alone(overlap.enlarge)(shape, 1, buffer, False)
    assert alone(overlap.upright_iou)(shapes[0], 0, shapes[1], 0) == pytest.approx(expected)


def test_a_rotated_box_grows_like_an_upright_one():
    grown, larger = np.zeros((1, at.N_SHAPES)), np.zeros((1, at.N_SHAPES))
    set_shape = alone(overlap.set_shape)
    set_shape(grown, 0, 10.0, 20.0, 40.0, 80.0, 0.3, True, 2.0)
    alone(overlap.enlarge)(grown, 1, 0.25, True)
    set_shape(larger, 0, 10.0, 20.0, 60.0, 120.0, 0.3, True, 2.0)
    np.testing.assert_allclose(grown, larger)


def test_who_jumps_keeps_its_id_in_the_second_association():
    near = {"match_thresh": 0.9, "second_match_thresh": 0.9, "min_hits": 0}
    for second, ids in ((0.3, [1, 2]), (0.5, [1, 1])):  # 60 px are 1.5 widths
        tracker = Tracker("cbiou", first_buffer=0.1, second_buffer=second, **near)
        assert [int(rows[0, 4]) for rows in follow(tracker, 100, 160)] == ids


def test_motion_is_the_mean_of_the_last_frames_and_what_is_reported_is_what_was_seen():
    tracker = Tracker("cbiou", motion_frames=3)
    *_, last = follow(tracker, 100, 100, 106, 118, 124)
    assert last[0, :4].tolist() == [124, 100, 164, 180]
    assert tracker._state.floats[0, at.VX] == pytest.approx((124 - 100) / 3)
    timed = Tracker("cbiou", motion_frames=3)
    for at_second, x in ((0.0, 100), (0.1, 106), (0.2, 112)):
        timed.update(np.array([box(x)]), timestamp=at_second)
    assert timed._state.floats[0, at.VX] == pytest.approx(2)  # pixels per nominal frame, 3 in 0.1 s


def test_its_explanation_speaks_of_grown_boxes():
    recorder = Recorder(Tracker("cbiou", match_thresh=0.9, min_hits=0))
    for frame in ([box(100)], [box(100)], [], [box(142)], [], [box(300)]):
        recorder.update(np.array(frame, float).reshape(-1, 6))
    text = str(recorder.explain(1))
    assert "The first association matched it: buffered IoU 0.2" in text
    assert "more than 0.10 (match_thresh 0.9)" in text
