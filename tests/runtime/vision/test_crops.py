"""What lies in boxes is cut out, stretched and normalised as ReID networks were trained."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.vision.crops import IMAGENET_MEAN, IMAGENET_STD, cut, imagenet


def test_a_box_of_one_colour_is_that_colour_red_first():
    frame = np.zeros((40, 60, 3), np.uint8)
    frame[10:30, 20:50] = (1, 2, 3)
    crops, seen = cut(frame, [[20, 10, 50, 30]], (16, 8))
    assert seen.tolist() == [0]
    assert crops.shape == (1, 16, 8, 3)
    assert (crops == [3, 2, 1]).all()


@given(st.lists(st.tuples(*[st.floats(-100, 200)] * 4), max_size=5))
def test_every_box_with_a_pixel_in_the_frame_is_cut(boxes):
    crops, seen = cut(np.full((40, 60, 3), 7, np.uint8), np.reshape(boxes, (-1, 4)), (4, 2))
    assert len(crops) == len(seen)
    assert (crops == 7).all()
    for index, (x1, y1, x2, y2) in enumerate(boxes):
        inside = min(x2, 60) > max(x1, 0) and min(y2, 40) > max(y1, 0)
        assert not inside or index in seen


def test_imagenet_takes_the_mean_out():
    grey = np.round(255 * np.array(IMAGENET_MEAN)).astype(np.uint8)
    normal = imagenet(np.broadcast_to(grey, (1, 2, 2, 3)))
    assert normal.dtype == np.float32
    assert np.abs(normal).max() < 0.5 / 255 / min(IMAGENET_STD) + 1e-6
    white = imagenet(np.full((1, 1, 1, 3), 255, np.uint8))[0, 0, 0]
    np.testing.assert_allclose(white, (1 - np.array(IMAGENET_MEAN)) / IMAGENET_STD, rtol=1e-5)
