"""Painting: on a copy, inside the picture, what the style says and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import UsageError
from numa_runtime.results import BallRecords, Detections, Results
from numa_runtime.vision.draw import Style, Trails, paint
from numa_runtime.vision.draw.canvas import label_text
from numa_runtime.vision.draw.label import place
from numa_runtime.vision.draw.palette import color_of
from numa_runtime.vision.style import Weights

GREY = np.full((240, 320, 3), 90, np.uint8)
NAMES = {0: "person", 1: "cup"}


def result(detections=None, balls=None, shape=(240, 320), **more):
    return Results(shape, NAMES, detections or Detections.empty(), balls or BallRecords.empty(), **more)


def one(box=(100, 80, 200, 200), track=-1, keypoints=None):
    points = None if keypoints is None else np.asarray(keypoints, np.float32)[None]
    return Detections.of([box], [0.87], [0], points).with_ids([track])


def changed(image):
    """Return the region that differs from the plain frame: y1, x1, y2, x2, or None."""
    where = np.argwhere((image != GREY).any(axis=2))
    return None if not len(where) else (*where.min(axis=0).tolist(), *where.max(axis=0).tolist())


def test_the_frame_is_left_alone():
    before = GREY.copy()
    image = paint(result(one()), before)
    assert np.array_equal(before, GREY)
    assert not np.shares_memory(image, before)
    assert image.shape == before.shape
    assert image.dtype == np.uint8


def test_nothing_found_is_a_plain_copy():
    assert np.array_equal(paint(result(), GREY), GREY)


def test_the_box_lies_on_its_corners_in_the_colour_of_its_id():
    image = paint(result(one(track=7)), GREY, labels=False, conf=False, line_width=1)
    assert changed(image) == (80, 100, 200, 200)
    for y, x in ((80, 150), (200, 150), (140, 100), (140, 200)):
        assert tuple(image[y, x]) == color_of(7)
    assert tuple(image[140, 150]) == (90, 90, 90)


def test_an_untracked_box_has_the_colour_of_its_class():
    image = paint(result(one()), GREY, labels=False, conf=False, line_width=1)
    assert tuple(image[140, 100]) == color_of(0)


def test_labels_say_what_the_style_wants():
    tracked = result(one(track=12))
    assert label_text(tracked, 0, Style()) == "#12 person 0.87"
    assert label_text(tracked, 0, Style(show_conf=False)) == "#12 person"
    assert label_text(tracked, 0, Style(show_labels=False)) == "0.87"
    assert label_text(result(one()), 0, Style()) == "person 0.87"
    unknown = Detections.of([[0, 0, 1, 1]], [0.5], [9])
    assert label_text(result(unknown), 0, Style()) == "9 0.50"


def test_a_label_lies_above_its_box_and_is_readable():
    image = paint(result(one(track=3)), GREY, line_width=1)
    top, left, _, _ = changed(image)
    assert top < 80
    assert left == 100
    field = image[top:80, left : left + 60].reshape(-1, 3)
    share = (field == color_of(3)).all(axis=1).mean()
    assert 0.4 < share < 0.98, "a filled field with text on it"


@settings(deadline=None, max_examples=200)
@given(
    st.tuples(*[st.integers(0, 319), st.integers(0, 239), st.integers(0, 319), st.integers(0, 239)]),
    st.integers(1, 320),
    st.integers(1, 240),
    st.integers(1, 9),
)
def test_labels_lie_wholly_inside_the_picture(corner, width, height, line):
    left, top = place(corner, (width, height), (240, 320, 3), line)
    assert 0 <= left <= 320 - width
    assert 0 <= top <= 240 - height


def test_a_label_wider_than_the_picture_begins_at_its_edge():
    assert place((300, 100, 310, 120), (999, 10), (240, 320, 3), 2)[0] == 0


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(1, 1), (40, 60), (240, 320)]), st.floats(1, 1e7))
def test_anything_finite_or_not_can_be_painted(seed, shape, spread):
    rng = np.random.default_rng(seed)
    values = rng.normal(0, spread, (6, 4 + 17 * 3))
    values[rng.random(values.shape) < 0.05] = np.nan
    values[rng.random(values.shape) < 0.05] = np.inf
    found = Detections.of(values[:, :4], rng.random(6), [0] * 6, values[:, 4:].reshape(6, 17, 3))
    balls = BallRecords.of(np.column_stack([values[:, :4], values[:, 0], [0] * 6]))
    balls.id[:3] = [1, 2, 3]
    trails = Trails()
    for frame in range(3):
        painted = result(found, balls, shape, frame_index=frame)
        trails.update(painted)
    assert paint(painted, np.zeros((*shape, 3), np.uint8), trails=trails).shape == (*shape, 3)


def test_a_grey_frame_becomes_colour():
    image = paint(result(one()), GREY[..., 0])
    assert image.shape == GREY.shape
    assert changed(image) is not None


PERSON = np.column_stack([np.linspace(110, 190, 17), np.linspace(90, 190, 17), np.ones(17)])


def test_skeletons_have_limbs_and_invisible_joints_have_none():
    only = {"boxes": False}
    full = paint(result(one(keypoints=PERSON)), GREY, **only)
    assert changed(full) is not None
    hidden = PERSON.copy()
    hidden[:, 2] = 0.2
    assert changed(paint(result(one(keypoints=hidden)), GREY, **only)) is None
    assert changed(paint(result(one(keypoints=hidden)), GREY, keypoint_conf=0.1, **only)) is not None
    assert changed(paint(result(one(keypoints=PERSON)), GREY, keypoints=False, **only)) is None


def test_a_limb_needs_both_ends():
    arm = np.zeros((17, 3))
    arm[5], arm[7] = (50, 50, 0.9), (150, 150, 0.9)
    middle = (slice(95, 106), slice(95, 106))
    both = paint(result(one(keypoints=arm)), GREY, boxes=False)
    assert (both[middle] != 90).any()
    arm[7, 2] = 0.1
    single = paint(result(one(keypoints=arm)), GREY, boxes=False)
    assert (single[middle] == 90).all()
    assert (single[45:56, 45:56] != 90).any()


def test_points_of_other_skeletons_are_dots_and_the_origin_is_missing():
    points = [[60, 60, 1], [0, 0, 1], [160, 160, 1]]
    image = paint(result(one(keypoints=points)), GREY, boxes=False)
    assert (image[55:65, 55:65] != 90).any()
    assert (image[105:115, 105:115] == 90).all()
    assert (image[:10, :10] == 90).all()


def test_balls_and_their_trail():
    trails = Trails()
    for frame, x in enumerate((100, 130, 160)):
        current = result(balls=BallRecords.of([[x, 50, x + 5, 50, 0.9, 0]]), frame_index=frame)
        trails.update(current)
    alone, followed = paint(current, GREY), paint(current, GREY, trails=trails)
    assert (alone[50, 160] != 90).any()
    assert (alone[48:53, 110:120] == 90).all()
    assert (followed[48:53, 110:120] != 90).any()
    assert np.array_equal(paint(current, GREY, trails=trails, balls=False), GREY)


def test_a_tracked_ball_carries_its_id():
    ball = BallRecords.of([[100, 50, 105, 50, 0.9, 0]])
    untracked = paint(result(balls=ball), GREY)
    ball.id[:] = 3
    tracked = paint(result(balls=ball), GREY)
    above = (slice(20, 42), slice(80, 130))
    assert (untracked[above] == 90).all()
    assert (tracked[above] != 90).any()
    assert np.array_equal(paint(result(balls=ball), GREY, labels=False), untracked)


def test_a_misspelt_word_gets_the_nearest_one():
    with pytest.raises(UsageError, match=r"'lable' is not a word of plot\(\) \(did you mean 'labels'\?\)") as error:
        paint(result(), GREY, lable=False)
    assert all(word in error.value.hint for word in ("labels", "conf", "boxes", "line_width", "keypoints", "balls"))


@pytest.mark.parametrize("width", [0, -2])
def test_line_widths_are_positive(width):
    with pytest.raises(UsageError, match=f"line_width is {width}; it must be above 0"):
        paint(result(), GREY, line_width=width)


def test_lines_and_text_grow_with_the_frame():
    small, hd, uhd = (Weights.of(Style(), h, w) for h, w in ((240, 320), (720, 1280), (2160, 3840)))
    assert small.line <= hd.line < uhd.line
    assert small.text <= hd.text < uhd.text
    assert (small.line, hd.line, uhd.line) == (2, 2, 7)
    assert Weights.of(Style(line_width=5), 240, 320).line == 5


SKELETON = np.array([[[100 + 5 * k, 80 + 6 * k, 1] for k in range(17)]])


def posed():
    return result(Detections.of([[100, 80, 200, 200]], [0.9], [0], SKELETON))


@pytest.mark.parametrize(
    "words",
    [
        {"font": "Arial.ttf"},
        {"im_gpu": None},
        {"masks": True, "probs": False},
        {"txt_color": (255, 255, 255)},
        {"txt_color": [255, 255, 255]},
        {"font_size": None, "kpt_radius": None, "kpt_line": True, "color_mode": None},
    ],
)
def test_words_at_their_neutral_value_change_nothing(words):
    assert np.array_equal(paint(posed(), GREY, **words), paint(posed(), GREY))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"font": "Times.ttf"}, r"plot\(\) does not take font='Times.ttf': labels are in OpenCV's own font"),
        ({"txt_color": (0, 0, 0)}, "whichever reads better"),
        ({"im_gpu": GREY}, "frames are numpy"),
        ({"kpt_radius": 0}, "kpt_radius is 0; it must be above 0"),
        ({"font_size": -1}, "font_size is -1; it must be above 0"),
        ({"color_mode": "rainbow"}, "color_mode is 'rainbow'"),
    ],
)
def test_words_that_cannot_be_done_say_why(words, sentence):
    with pytest.raises(UsageError, match=sentence):
        paint(posed(), GREY, **words)


def test_font_size_is_a_height():
    heights = []
    for size in (12, 30, 60):
        image = paint(result(one()), GREY, boxes=True, font_size=size, line_width=1)
        top, *_ = changed(image)
        heights.append(80 - top)
    assert heights == sorted(heights)
    assert 20 <= heights[1] <= 45


def test_keypoints_have_the_radius_asked_for_and_lines_can_go():
    dots = paint(posed(), GREY, boxes=False, kpt_line=False, kpt_radius=2)
    lines = paint(posed(), GREY, boxes=False, kpt_radius=2)
    large = paint(posed(), GREY, boxes=False, kpt_line=False, kpt_radius=6)
    drawn = [int((image != GREY).any(axis=2).sum()) for image in (dots, lines, large)]
    assert drawn[0] < drawn[1]
    assert drawn[0] < drawn[2]
    assert tuple(large[80 - 5, 100]) != (90, 90, 90), "five pixels above the first point"


def test_colours_by_class_or_by_object():
    two = Detections.of([[10, 10, 60, 60], [100, 10, 160, 60]], [0.9, 0.9], [4, 4])
    words = {"labels": False, "conf": False, "line_width": 1}

    def edges(found, **more):
        image = paint(result(found), GREY, **words, **more)
        return [tuple(image[30, left]) for left in (10, 100)]

    assert edges(two) == edges(two, color_mode="class") == [color_of(4)] * 2
    assert edges(two, color_mode="instance") == [color_of(0), color_of(1)]
    assert (
        edges(two.with_ids([7, 9])) == edges(two.with_ids([7, 9]), color_mode="instance") == [color_of(7), color_of(9)]
    )
    assert edges(two.with_ids([7, 9]), color_mode="class") == [color_of(4)] * 2


def test_small_frames_have_lines_and_limbs_of_two_pixels():
    assert Weights.of(Style(), 480, 640).line == 2
    image = paint(result(one(track=7)), GREY, labels=False, conf=False)
    across = (image[140, 90:110] == color_of(7)).all(axis=1)
    assert across.sum() >= 2
    short = np.column_stack([np.linspace(110, 120, 17), np.full(17, 100.0), np.ones(17)])
    far_away = result(one((100, 90, 130, 115), keypoints=short))  # lower than the part of the frame where lines thin
    drawn = (paint(far_away, GREY, boxes=False) != GREY).any(axis=2)
    assert drawn[:, 115].sum() >= 2


def test_rescued_tracks_are_drawn_thinner():
    found = Detections.of([[20, 20, 100, 100], [150, 20, 230, 100]], [0.9, 0.2], [0, 0]).with_ids([1, 2])
    found = replace(found, rescued=np.array([False, True]))
    image = paint(result(found), GREY, labels=False, conf=False, line_width=4)
    widths = [
        int((image[60, at - 8 : at + 8] == color_of(track)).all(axis=1).sum()) for at, track in ((20, 1), (150, 2))
    ]
    assert widths[0] > widths[1] >= 1


def test_trails_of_boxes_are_drawn_in_the_colour_of_their_id_when_asked_for():
    def film(length):
        trails = Trails(boxes=length)
        for frame in range(10):
            found = Detections.of([[20 * frame, 100, 20 * frame + 20, 150]], [0.9], [0]).with_ids([3])
            current = result(found, frame_index=frame)
            trails.update(current)
        return paint(current, GREY, trails=trails, labels=False, conf=False)

    behind = (slice(147, 154), slice(100, 170))  # where the box stood before
    assert (film(30)[behind] == color_of(3)).all(axis=2).any()
    assert (film(0)[behind] == GREY[behind]).all()


def test_ids_of_one_colour_get_two_when_they_are_seen_together():
    found = Detections.of([[20, 20, 100, 100], [150, 20, 230, 100]], [0.9, 0.9], [0, 0]).with_ids([1, 25])
    image = paint(result(found), GREY, labels=False, conf=False, line_width=1)
    assert tuple(image[60, 20]) == color_of(1)
    assert tuple(image[60, 150]) not in {color_of(1), (90, 90, 90)}
