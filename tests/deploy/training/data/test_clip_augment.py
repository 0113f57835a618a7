"""Augmentation: pixels and labels move together, partners change sides, nothing is changed unasked."""

import cv2
import numpy as np
import pytest

from numa_benchmarks.rally.body import FLIP
from numa_deploy.training.augment_options import CLIPS, Augmentation
from numa_deploy.training.data.clip_augment import augment_clip
from numa_deploy.training.data.clips import Clip

SIZE = HEIGHT, WIDTH = 96, 160
MOVES = Augmentation(fliplr=0.5, degrees=10, translate=0.1, scale=0.3)
FLIPS = np.array(FLIP)


def dot(x, y):
    """A picture with a round bright dot whose middle lies at (x, y), pixel i reaching from i to i + 1."""
    ys, xs = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return (200 * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / 8)).astype(np.uint8)


def middle(picture):
    """Where the dot lies: the centroid of what is brighter than the border (114)."""
    weight = np.clip(picture.astype(float) - 120, 0, None)
    ys, xs = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return np.array([(weight * xs).sum(), (weight * ys).sum()]) / weight.sum()


def clip_of(points, boxes=(), keypoints=None):
    """A clip whose frame k has its ball at points[k], which goes on to points[k + 1]."""
    after = [*points[1:], (np.nan, np.nan)]
    found = np.asarray(boxes, np.float32).reshape(-1, 4)
    return Clip(
        frames=np.stack([dot(*point)[None] for point in points]),
        balls=[np.array([point], np.float32) for point in points],
        following=[np.array([point], np.float32) for point in after],
        ball_known=np.ones(len(points), bool),
        boxes=found,
        keypoints=np.zeros((len(found), 17, 3), np.float32) if keypoints is None else keypoints,
        players_known=True,
        name="made",
    )


def test_a_dot_is_found_at_its_moved_label():
    clip = clip_of([(70, 40), (80, 50), (90.5, 55.25)])
    worst, seen = 0.0, 0
    for seed in range(40):
        moved = augment_clip(clip, MOVES, FLIPS, np.random.default_rng(seed))
        for frame, balls in zip(moved.frames, moved.balls, strict=True):
            for ball in balls:
                if (ball > 12).all() and (ball < (WIDTH - 12, HEIGHT - 12)).all():  # whole in the picture
                    worst, seen = max(worst, np.hypot(*(middle(frame[0]) - ball))), seen + 1
    assert seen > 60
    assert worst < 0.6


def test_the_next_ball_moves_as_the_ball_does():
    clip = clip_of([(70, 40), (80, 50), (90, 60)])
    for seed in range(10):
        moved = augment_clip(clip, MOVES, FLIPS, np.random.default_rng(seed))
        for frame in (0, 1):
            if len(moved.balls[frame]) and len(moved.balls[frame + 1]):
                assert np.allclose(moved.following[frame], moved.balls[frame + 1])
        assert np.isnan(moved.following[2]).all()


def test_off_changes_nothing():
    points = np.random.default_rng(0).uniform(10, 60, (1, 17, 3)).astype(np.float32)
    clip = clip_of([(70, 40), (80, 50)], [[10, 10, 60, 60]], points)
    moved = augment_clip(clip, Augmentation(), FLIPS, np.random.default_rng(0))
    assert np.array_equal(moved.frames, clip.frames)
    assert np.array_equal(moved.boxes, clip.boxes)
    assert np.array_equal(moved.keypoints, clip.keypoints)
    for name in ("balls", "following"):
        for ours, theirs in zip(getattr(moved, name), getattr(clip, name), strict=True):
            assert np.array_equal(ours, theirs, equal_nan=True)


def test_partners_change_sides_in_a_mirror():
    points = np.zeros((1, 17, 3), np.float32)
    points[0, :, 0], points[0, :, 1], points[0, :, 2] = np.arange(20, 37), 30, 2
    clip = clip_of([(70, 40)], [[20, 20, 60, 60]], points)
    moved = augment_clip(clip, Augmentation(fliplr=1), FLIPS, np.random.default_rng(0))
    assert np.array_equal(moved.frames[0, 0], clip.frames[0, 0, :, ::-1])
    assert moved.keypoints[0, :, 0].tolist() == [WIDTH - (20 + partner) for partner in FLIP]
    assert moved.boxes.tolist() == [[WIDTH - 60, 20, WIDTH - 20, 60]]
    assert moved.balls[0].tolist() == [[WIDTH - 70, 40]]


def test_nothing_is_mirrored_where_partners_are_not_known():
    clip = clip_of([(70, 40)])
    moved = augment_clip(clip, Augmentation(fliplr=1), None, np.random.default_rng(0))
    assert np.array_equal(moved.frames, clip.frames)


def test_boxes_are_cut_and_dropped_at_the_edge():
    shift = Augmentation(translate=0.3)
    boxes = [[2, 2, 42, 42], [60, 30, 100, 70], [0, 0, 8, 8]]
    kept, cut = set(), 0
    for seed in range(40):
        moved = augment_clip(clip_of([(70, 40)], boxes), shift, FLIPS, np.random.default_rng(seed))
        assert (moved.boxes >= 0).all()
        assert (moved.boxes <= (WIDTH, HEIGHT, WIDTH, HEIGHT)).all()
        sides = moved.boxes[:, 2:] - moved.boxes[:, :2]
        assert (sides > 2).all()
        assert len(moved.keypoints) == len(moved.boxes)
        kept.add(len(moved.boxes))
        cut += int((sides[:, 0] < 39.9).sum())
    assert kept >= {2, 3}
    assert cut


def test_what_leaves_the_picture_is_no_label():
    points = np.zeros((1, 17, 3), np.float32)
    points[0, 0], points[0, 1] = (1, 50, 2), (80, 50, 2)
    shift = Augmentation(translate=0.2)
    gone = 0
    for seed in range(20):
        moved = augment_clip(clip_of([(1, 50), (80, 50)], [[0, 20, 100, 80]], points), shift, FLIPS,
                             np.random.default_rng(seed))  # fmt: skip
        if len(moved.balls[0]) == 0:
            gone += 1
            assert len(moved.following[0]) == 0
            assert moved.keypoints[0, 0].tolist() == [0, 0, 0]
        assert moved.keypoints[0, 1, 2] == 2
        assert len(moved.balls[1]) == 1
    assert gone


@pytest.mark.parametrize("change", [{"hsv_v": 0.5}, {"blur": 1}, {"noise": 20}, {"erase": 1}])
def test_light_moves_no_label(change):
    clip = clip_of([(70, 40), (80, 50)], [[10, 10, 60, 60]])
    moved = augment_clip(clip, Augmentation(**change), FLIPS, np.random.default_rng(3))
    assert not np.array_equal(moved.frames, clip.frames)
    assert moved.frames.shape == clip.frames.shape
    assert np.array_equal(moved.boxes, clip.boxes)
    assert np.array_equal(moved.balls[0], clip.balls[0])
    assert clip.frames.max() == cv2.minMaxLoc(dot(70, 40))[1]  # the source is whole


def test_the_same_chances_give_the_same_clip():
    clip = clip_of([(70, 40), (80, 50)], [[10, 10, 60, 60]])
    one, two = (augment_clip(clip, CLIPS, FLIPS, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.frames, two.frames)
    assert np.array_equal(one.boxes, two.boxes)
