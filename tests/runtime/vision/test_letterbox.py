"""Letterbox: in place, equal to an OpenCV reference, and exactly invertible."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.contract import Anchor, Color, LetterboxRule
from numa_runtime.errors import SourceError
from numa_runtime.vision.letterbox import Transform, fit, letterbox

CENTER = LetterboxRule(Anchor.CENTER, 114)
TOP_LEFT = LetterboxRule(Anchor.TOP_LEFT, 114)
STRETCH = LetterboxRule(Anchor.STRETCH)
rules = st.sampled_from([CENTER, TOP_LEFT, STRETCH])
sides = st.integers(1, 5000)
inputs = st.integers(1, 64).map(lambda n: 32 * n)


def noise(height: int, width: int, channels: int = 3) -> np.ndarray:
    image = np.random.default_rng(0).integers(0, 256, (height, width, channels), dtype=np.uint8)
    return cv2.GaussianBlur(image, (5, 5), 2).reshape(image.shape)


def to_target(transform: Transform, points: np.ndarray) -> np.ndarray:
    """Map (..., 2k) x, y pairs from source to target pixels: what `to_source` must undo."""
    (rx, ry), out = transform.ratios, np.empty_like(points)
    out[..., 0::2] = points[..., 0::2] * rx + transform.left
    out[..., 1::2] = points[..., 1::2] * ry + transform.top
    return out


@settings(deadline=None, max_examples=300)
@given(sides, sides, inputs, inputs, rules, st.floats(0, 1), st.floats(0, 1))
def test_round_trip_is_within_half_a_pixel_for_any_size(h, w, height, width, rule, x, y):
    transform = fit((h, w), (height, width), rule)
    points = np.array([[x * w, y * h, 0, h], [w, 0, w * x, h * y]])
    assert np.abs(transform.to_source(to_target(transform, points)) - points).max() < 1e-6
    single = points.astype(np.float32)
    back = transform.to_source(to_target(transform, single))
    assert back.dtype == np.float32
    assert np.abs(back - single).max() < 0.5


@settings(deadline=None, max_examples=300)
@given(sides, sides, inputs, inputs, rules)
def test_the_frame_lands_inside_the_target_and_fills_one_side(h, w, height, width, rule):
    at = fit((h, w), (height, width), rule)
    bottom, right = at.top + at.resized[0], at.left + at.resized[1]
    assert 0 <= at.top < bottom <= height
    assert 0 <= at.left < right <= width
    slack = min(height - at.resized[0], width - at.resized[1])
    assert slack <= 1 if rule is TOP_LEFT else slack == 0
    corners = to_target(at, np.array([0.0, 0.0, w, h]))
    np.testing.assert_allclose(corners, [at.left, at.top, right, bottom], atol=1e-6)


@pytest.mark.parametrize(
    ("rule", "left", "top", "resized"),
    [(CENTER, 0, 140, (360, 640)), (TOP_LEFT, 0, 0, (360, 640))],
)
def test_720p_in_640(rule, left, top, resized):
    at = fit((720, 1280), (640, 640), rule)
    assert (at.scale, at.left, at.top, at.resized) == (0.5, left, top, resized)


def test_rounding_is_what_each_family_does():
    assert fit((427, 640), (416, 416), CENTER).resized == (278, 416)
    assert fit((427, 640), (416, 416), TOP_LEFT).resized == (277, 416)
    odd = fit((333, 640), (640, 640), CENTER)
    assert (odd.resized[0], odd.top) == (333, 153), "the odd pixel of padding goes to the bottom"


@pytest.mark.parametrize("rule", [CENTER, TOP_LEFT, STRETCH])
@pytest.mark.parametrize("source", [(720, 1280), (100, 37), (640, 640), (417, 500), (1, 1), (3, 900)])
@pytest.mark.parametrize("target", [(640, 640), (384, 640), (416, 416)])
@pytest.mark.parametrize("color", list(Color))
def test_equals_the_opencv_reference(rule, source, target, color):
    frame = noise(*source)
    out = np.full((1 if color is Color.GRAY else 3, *target), 7, np.uint8)
    at = letterbox(frame, out, color, rule)
    small = cv2.resize(frame, at.resized[::-1], interpolation=cv2.INTER_LINEAR)
    if color is Color.GRAY:
        small = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)[..., None]
    elif color is Color.RGB:
        small = small[..., ::-1]
    wanted = np.full((*target, small.shape[2]), rule.pad_value, np.uint8)
    top, left = int(at.top), int(at.left)
    wanted[top : top + small.shape[0], left : left + small.shape[1]] = small
    assert np.array_equal(out, wanted.transpose(2, 0, 1))


@pytest.mark.parametrize("rule", [CENTER, TOP_LEFT, STRETCH])
@pytest.mark.parametrize(
    ("source", "target"), [((720, 1280), (640, 640)), ((333, 500), (416, 416)), ((90, 160), (384, 640))]
)
def test_a_bright_dot_is_where_the_transform_says(rule, source, target):
    """The dot is drawn as a smooth spot, whose centre of mass survives any bilinear resize."""
    for share_x, share_y in ((0.15, 0.2), (0.5, 0.5), (0.9, 0.85)):
        centre = np.array([share_x * source[1], share_y * source[0]])
        y, x = np.mgrid[: source[0], : source[1]] + 0.5
        sigma = 0.012 * max(source) + 2
        spot = 250 * np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * sigma**2))
        frame = np.repeat(spot.astype(np.uint8)[..., None], 3, axis=2)
        out = np.empty((1, *target), np.uint8)
        at = letterbox(frame, out, Color.GRAY, LetterboxRule(rule.anchor, 0))
        mass = np.where(out[0] > 20, out[0], 0).astype(float)
        ty, tx = np.mgrid[: target[0], : target[1]] + 0.5
        found = np.array([(mass * tx).sum(), (mass * ty).sum()]) / mass.sum()
        assert np.abs(found - to_target(at, centre)).max() < 0.15
        assert np.abs(at.to_source(found) - centre).max() < 0.5


def test_channel_order_and_grey_weights():
    frame = np.zeros((32, 32, 3), np.uint8)
    frame[:] = (10, 20, 30)
    for color, planes in ((Color.RGB, [30, 20, 10]), (Color.BGR, [10, 20, 30]), (Color.GRAY, [22])):
        out = np.empty((len(planes), 32, 32), np.uint8)
        letterbox(frame, out, color, CENTER)
        assert [int(v) for v in out[:, 0, 0]] == planes, "grey is .114 B + .587 G + .299 R = 21.85"


@pytest.mark.parametrize("color", list(Color))
def test_grey_frames_are_taken_too(color):
    frame = noise(50, 80, 1)
    planes = 1 if color is Color.GRAY else 3
    flat, deep = np.empty((planes, 64, 64), np.uint8), np.empty((planes, 64, 64), np.uint8)
    letterbox(frame[..., 0], flat, color, CENTER)
    letterbox(frame, deep, color, CENTER)
    assert np.array_equal(flat, deep)
    assert (flat == flat[0]).all()


def test_flipped_and_cut_views_are_taken():
    frame = noise(60, 90)
    for view in (frame[::-1, ::-1], frame[5:40, 3:70], frame[..., ::-1]):
        seen, copied = np.empty((3, 64, 64), np.uint8), np.empty((3, 64, 64), np.uint8)
        letterbox(view, seen, Color.RGB, CENTER)
        letterbox(view.copy(), copied, Color.RGB, CENTER)
        assert np.array_equal(seen, copied)


def test_stretched_boxes_go_back_along_each_axis_by_its_own_ratio():
    frame = noise(200, 800)
    out = np.empty((3, 320, 320), np.uint8)
    at = letterbox(frame, out, Color.BGR, STRETCH)
    assert (at.resized, at.left, at.top) == ((320, 320), 0, 0)
    np.testing.assert_array_equal(out.transpose(1, 2, 0), cv2.resize(frame, (320, 320)))
    np.testing.assert_allclose(at.boxes_to_source([[32, 32, 160, 320]]), [[80, 20, 400, 200]])


def test_boxes_are_clipped_to_the_frame():
    at = fit((720, 1280), (640, 640), CENTER)
    boxes = at.boxes_to_source(np.array([[-50, 0, 700, 640], [100, 200, 200, 300]], np.float32))
    assert boxes.tolist() == [[0, 0, 1280, 720], [200, 120, 400, 320]]
    assert at.boxes_to_source(np.zeros((0, 4), np.float32)).shape == (0, 4)


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 5, 4), (5,), (2, 5, 5, 3)])
def test_what_is_no_frame_is_refused(shape):
    with pytest.raises(SourceError, match="a frame must be uint8 of shape"):
        letterbox(np.zeros(shape, np.uint8), np.empty((3, 32, 32), np.uint8), Color.RGB, CENTER)


def test_a_float_frame_is_refused():
    with pytest.raises(SourceError, match=r"this one is float32 \(4, 4, 3\)"):
        letterbox(np.zeros((4, 4, 3), np.float32), np.empty((3, 32, 32), np.uint8), Color.RGB, CENTER)
