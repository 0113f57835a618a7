import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.contract import Color, InputSpec
from numa_runtime.golden.picture import (
    MOST_PIXELS,
    enlarge,
    factor_for,
    is_colourful,
    pack,
    thumbnail,
    tinted,
    to_input,
    unpack,
)


def picture(height=12, width=16, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_packing_loses_nothing(height, width, seed):
    image = picture(height, width, seed)
    text = pack(image)
    assert text.isascii()
    np.testing.assert_array_equal(unpack(text, height, width), image)


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", pack(picture())[:-8] + "AAAAAAA="])
def test_a_damaged_picture_is_noticed(text):
    with pytest.raises(ValueError, match=r".+"):
        unpack(text, 12, 16)


@given(st.integers(1, 9), st.integers(0, 99))
@settings(deadline=None, max_examples=20)
def test_enlarging_is_bilinear(factor, seed):
    import cv2

    image = picture(6, 8, seed)
    size = (8 * factor, 6 * factor)
    expected = cv2.resize(image.astype(np.float64), size, interpolation=cv2.INTER_LINEAR)
    assert np.abs(enlarge(image, factor) - expected).max() <= 0.5 + 1e-6


def test_enlarging_is_the_same_everywhere():
    image = np.array([[[0], [100]], [[200], [255]]], np.uint8).repeat(3, axis=2)
    assert enlarge(image, 2)[..., 0].tolist() == [
        [0, 25, 75, 100],
        [50, 72, 117, 139],
        [150, 167, 200, 216],
        [200, 214, 241, 255],
    ]


@pytest.mark.parametrize(("size", "factor"), [((416, 416), 4), ((640, 640), 5), ((384, 640), 4), ((64, 96), 1)])
def test_the_thumbnail_is_small_and_divides_the_input(size, factor):
    assert factor_for(*size) == factor
    assert size[0] * size[1] <= MOST_PIXELS * factor**2


def test_a_thumbnail_is_rgb_and_padded():
    frame = np.zeros((50, 100, 3), np.uint8)
    frame[..., 0] = 200  # blue
    small = thumbnail(frame, 40, 40)
    assert small.shape == (40, 40, 3)
    assert small[20, 20].tolist() == [4, 4, 204]
    assert small[0, 0].tolist() == [116, 116, 116]
    assert thumbnail(frame[..., 0], 40, 40)[20, 20].tolist() == [204, 204, 204]


def test_the_batch_has_the_doors_colours_and_dtype():
    image = np.zeros((4, 4, 3), np.uint8)
    image[..., 0] = 255  # red
    rgb = to_input(image, 8, InputSpec(32, 32, color=Color.RGB))
    bgr = to_input(image, 8, InputSpec(32, 32, color=Color.BGR))
    assert (rgb.shape, rgb.dtype) == ((3, 32, 32), np.uint8)
    assert rgb[:, 0, 0].tolist() == [255, 0, 0]
    assert bgr[:, 0, 0].tolist() == [0, 0, 255]
    scaled = to_input(image, 8, InputSpec(32, 32, dtype="float32", scale=1 / 255))
    assert (scaled.dtype, scaled.max()) == (np.float32, 1)


def test_a_clip_moves_and_ends_with_the_picture_itself():
    door = InputSpec(24, 32, channels=1, frames=10, color=Color.GRAY)
    clip = to_input(picture(12, 16), 2, door)
    assert clip.shape == (10, 24, 32)
    single = to_input(picture(12, 16), 2, InputSpec(24, 32, channels=1, color=Color.GRAY))
    np.testing.assert_array_equal(clip[-1], single[0])
    assert len({frame.tobytes() for frame in clip[-8:]}) == 8


def test_grey_is_told_from_colour_and_can_be_tinted():
    grey = np.repeat(picture()[..., :1], 3, axis=2)
    assert is_colourful(picture())
    assert not is_colourful(grey)
    assert not is_colourful(np.full_like(grey, 116))
    assert is_colourful(tinted(grey))
