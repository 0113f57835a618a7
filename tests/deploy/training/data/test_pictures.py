"""Where labels of images go: boxes follow the pixels they were painted with, through mosaics and affine maps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_deploy.training.augment_options import Augmentation
from numa_deploy.training.data.affine import LEAST_AREA, SMALLEST_SIDE
from numa_deploy.training.data.image_augment import augment_picture
from numa_deploy.training.data.pictures import Picture, mosaic, place

SIZE = (96, 128)
COLOURS = np.array([[250, 10, 10], [10, 250, 10], [10, 10, 250], [250, 250, 10]], np.uint8)
MOVES = Augmentation(fliplr=0.5, flipud=0.5, translate=0.1, scale=0.4)


def painted(colour, box, shape=SIZE):
    """A grey picture with one rectangle, its label, and a keypoint at its left top and right bottom."""
    x1, y1, x2, y2 = box
    pixels = np.full((*shape, 3), 114, np.uint8)
    pixels[y1:y2, x1:x2] = COLOURS[colour]
    points = np.array([[[x1, y1, 2], [x2, y2, 2]]], np.float32)
    return Picture(
        pixels, np.array([box], np.float32), np.array([colour]), points, np.ones(1, np.float32), True, f"{colour}"
    )


def seen(pixels, colour):
    """The extent x1, y1, x2, y2 of what is nearly of a colour; None where nothing is."""
    near = (np.abs(pixels.astype(int) - COLOURS[colour]) < 70).all(-1)
    if not near.any():
        return None
    ys, xs = np.nonzero(near)
    return np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1])


boxes = st.tuples(
    st.integers(0, 60), st.integers(0, 40), st.integers(12, 60), st.integers(12, 50)
).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, min_size=4, max_size=4), st.integers(64, 192), st.integers(48, 144), st.integers(0, 1 << 30))
def test_boxes_follow_their_pixels_through_mosaic_and_map(corners, x, y, seed):
    tiles = [painted(number, box) for number, box in enumerate(corners)]
    joined = mosaic(tiles, SIZE, (x, y), 114)
    assert joined.pixels.shape == (192, 256, 3)
    for colour in range(4):
        found, labels = seen(joined.pixels, colour), joined.boxes[joined.classes == colour]
        assert (found is None) == (len(labels) == 0)
        if found is not None:
            assert np.array_equal(labels[0], found)
    moved = augment_picture(joined, SIZE, MOVES, np.array([1, 0]), np.random.default_rng(seed))
    pixels = moved.pixels.transpose(1, 2, 0)
    assert pixels.shape == (*SIZE, 3)
    for box, label in zip(moved.boxes, moved.classes, strict=True):
        found = seen(pixels, label)
        assert found is not None
        assert np.abs(found - box).max() <= 1.5
    for colour in set(range(4)) - set(moved.classes.tolist()):
        found = seen(pixels, colour)
        if found is not None:  # the rule: too small, or too little of it
            area = np.prod(found[2:] - found[:2])
            x1, y1, x2, y2 = corners[colour]
            most = (x2 - x1) * (y2 - y1) * 1.4**2
            assert min(found[2:] - found[:2]) <= SMALLEST_SIDE + 1.5 or area <= LEAST_AREA * most + 40


def test_rotated_boxes_hold_their_pixels():
    options = Augmentation(degrees=30, shear=10)
    for seed in range(20):
        one = painted(0, (40, 30, 90, 60))
        moved = augment_picture(one, SIZE, options, None, np.random.default_rng(seed))
        found = seen(moved.pixels.transpose(1, 2, 0), 0)
        assert np.abs(found - moved.boxes[0]).max() <= 2.5


@pytest.mark.parametrize(("words", "swapped"), [({"fliplr": 1}, True), ({"flipud": 1}, True),
                                                ({"fliplr": 1, "flipud": 1}, False)])  # fmt: skip
def test_partners_change_in_a_mirror_but_not_in_a_turn(words, swapped):
    one = painted(0, (10, 20, 40, 60))
    moved = augment_picture(one, SIZE, Augmentation(**words), np.array([1, 0]), np.random.default_rng(0))
    x = lambda value: SIZE[1] - value if "fliplr" in words else value  # noqa: E731
    y = lambda value: SIZE[0] - value if "flipud" in words else value  # noqa: E731
    first, second = (x(10), y(20)), (x(40), y(60))
    wanted = [second, first] if swapped else [first, second]
    # A point on the far edge itself lies outside.
    assert moved.keypoints[0, :, :2].tolist() == [list(point) for point in wanted]
    pixels = one.pixels[:: -1 if "flipud" in words else 1, :: -1 if "fliplr" in words else 1]
    assert np.array_equal(moved.pixels, pixels.transpose(2, 0, 1))


def test_nothing_is_mirrored_where_partners_are_not_known():
    one = painted(0, (10, 20, 40, 60))
    moved = augment_picture(one, SIZE, Augmentation(fliplr=1, flipud=1), None, np.random.default_rng(0))
    assert np.array_equal(moved.pixels, one.pixels.transpose(2, 0, 1))


def test_off_changes_nothing():
    one = painted(1, (10, 20, 40, 60))
    moved = augment_picture(one, SIZE, Augmentation(), None, np.random.default_rng(0))
    for name in ("boxes", "classes", "keypoints"):
        assert np.array_equal(getattr(moved, name), getattr(one, name))
    assert np.array_equal(moved.pixels, one.pixels.transpose(2, 0, 1))


def test_a_box_that_the_tile_cut_counts_what_was_cut():
    tile = painted(0, (0, 0, 100, 90))
    canvas = mosaic([tile, *(painted(n, (0, 0, 12, 12)) for n in (1, 2, 3))], SIZE, (64, 48), 114)
    assert canvas.boxes[canvas.classes == 0].tolist() == [[0, 0, 36, 42]]
    assert canvas.shown[canvas.classes == 0][0] == pytest.approx(36 * 42 / 9000)
    # Of what the canvas shows, the window in its middle shows a twentieth: too little of the whole box.
    middle = augment_picture(canvas, SIZE, Augmentation(), None, np.random.default_rng(0))
    assert 0 not in middle.classes


def test_keypoints_outside_are_not_labelled():
    one = painted(0, (10, 20, 40, 60))
    canvas = place(one, SIZE, (0, 0), 114)
    assert np.array_equal(canvas.keypoints, one.keypoints)
    cut = mosaic([one, one, one, one], SIZE, (100, 60), 114)
    assert cut.keypoints[0].tolist() == [[0, 0, 0], [12, 24, 2]]  # the first tile's left top lies at (-28, -36)


@pytest.mark.parametrize("words", [{"hsv_h": 0.5}, {"hsv_s": 0.9}, {"hsv_v": 0.5}, {"blur": 1}, {"noise": 20},
                                   {"erase": 1}])  # fmt: skip
def test_light_moves_no_label(words):
    one = painted(0, (10, 20, 40, 60))
    before = one.pixels.copy()
    moved = augment_picture(one, SIZE, Augmentation(**words), None, np.random.default_rng(3))
    assert not np.array_equal(moved.pixels, before.transpose(2, 0, 1))
    assert np.array_equal(one.pixels, before)
    assert np.array_equal(moved.boxes, one.boxes)


def test_colours_change_alike_in_either_order():
    one = painted(0, (10, 20, 40, 60))
    options = Augmentation(hsv_h=0.3, hsv_s=0.5, hsv_v=0.4)
    rgb = augment_picture(one, SIZE, options, None, np.random.default_rng(1))
    one.pixels = np.ascontiguousarray(one.pixels[..., ::-1])
    bgr = augment_picture(one, SIZE, options, None, np.random.default_rng(1), bgr=True)
    assert np.array_equal(rgb.pixels, bgr.pixels[::-1])


def test_grey_pictures_have_brightness_alone():
    one = painted(0, (10, 20, 40, 60))
    one.pixels = np.ascontiguousarray(one.pixels[..., :1])
    moved = augment_picture(one, SIZE, Augmentation(hsv_h=1, hsv_s=1), None, np.random.default_rng(1))
    assert np.array_equal(moved.pixels[0], one.pixels[..., 0])
    moved = augment_picture(one, SIZE, Augmentation(hsv_v=0.5, fliplr=1), np.array([1, 0]), np.random.default_rng(1))
    assert moved.pixels.shape == (1, *SIZE)
    assert not np.array_equal(moved.pixels[0], one.pixels[:, ::-1, 0])
