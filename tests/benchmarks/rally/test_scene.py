"""Scenes are what their labels say: the same for the same seed, and balls where they are painted."""

from itertools import islice, pairwise

import numpy as np
import pytest

from numa_benchmarks.rally import scene as scene_module
from numa_benchmarks.rally.film import Film
from numa_benchmarks.rally.scene import Scene
from numa_benchmarks.rally.sports import Sport

SIZE, FRAMES = (144, 256), 20


def frames(sport=Sport.BADMINTON, seed=1, count=FRAMES, size=SIZE):
    return list(islice(Scene(sport, seed, size, FRAMES), count))


def same(one, other):
    return (
        np.array_equal(one.image, other.image)
        and np.array_equal(one.labels.balls, other.labels.balls)
        and np.array_equal(one.labels.boxes, other.labels.boxes)
        and np.array_equal(one.labels.keypoints, other.labels.keypoints)
    )


def test_the_seed_decides_every_pixel_and_label():
    first, again = frames(count=4), frames(count=4)
    assert all(same(one, other) for one, other in zip(first, again, strict=True))
    assert not same(first[0], frames(seed=2, count=1)[0])
    assert not same(first[0], frames(Sport.TENNIS, count=1)[0])


@pytest.mark.parametrize("sport", list(Sport))
def test_labels_lie_in_the_frame_and_keypoints_in_their_boxes(sport):
    height, width = SIZE
    found = [one for seed in (1, 2) for one in frames(sport, seed, 12)]
    assert sum(len(one.labels.balls) for one in found) > len(found) / 3
    assert sum(len(one.labels.boxes) for one in found) >= len(found)
    for one in found:
        assert one.image.shape == (height, width, 3)
        labels = one.labels
        assert ((labels.balls >= 0) & (labels.balls < (width, height))).all()
        assert (labels.boxes[:, :2] >= 0).all()
        assert (labels.boxes[:, 2:] <= (width, height)).all()
        assert (labels.boxes[:, 2:] > labels.boxes[:, :2]).all()
        assert len(one.players) == len(set(one.players)) == len(labels.boxes)
        for box, points in zip(labels.boxes, labels.keypoints, strict=True):
            seen = points[points[:, 2] > 0, :2]
            assert ((seen >= box[:2] - 1.5) & (seen <= box[2:] + 1.5)).all()
            assert not points[points[:, 2] == 0].any(), "what is not seen says nothing"


def test_players_keep_their_numbers():
    """A number is one and the same person: from frame to frame its box hardly moves."""
    found = frames(count=20)
    steps = []
    for one, other in pairwise(found):
        then = dict(zip(other.players, other.labels.boxes, strict=True))
        steps += [
            np.abs(then[k] - box).max() for k, box in zip(one.players, one.labels.boxes, strict=True) if k in then
        ]
    assert len(steps) > 15
    assert max(steps) < 20


@pytest.mark.parametrize("sport", list(Sport))
def test_the_ball_is_painted_where_its_label_says(sport, monkeypatch):
    """The difference of a frame with and without its ball, seen by a camera without noise, is where the ball is."""
    monkeypatch.setattr(Film, "develop", lambda self, picture, number: picture.copy())
    seeds = (3, 4, 5)
    with_ball = [one for seed in seeds for one in frames(sport, seed, 10)]
    monkeypatch.setattr(scene_module, "paint_ball", lambda *_: np.zeros((0, 0)))
    without = [one for seed in seeds for one in frames(sport, seed, 10)]
    away = []
    for one, other in zip(with_ball, without, strict=True):
        assert not len(other.labels.balls)
        change = np.abs(one.image.astype(float) - other.image).sum(2)
        if len(one.labels.balls):
            assert change.any(), "a labelled ball can be seen"
            y, x = np.indices(SIZE)
            middle = np.array([(change * x).sum(), (change * y).sum()]) / change.sum()
            away.append(float(np.hypot(*(middle - one.labels.balls[0]))))
    assert len(away) >= 10
    assert np.percentile(away, 90) < 1.5, "a player may hide one side of it"
    assert np.median(away) < 0.6


def test_a_scene_can_be_as_short_as_one_frame_and_of_any_size():
    [only] = list(Scene(Sport.VOLLEYBALL, 0, (65, 101), 1))
    assert only.image.shape == (65, 101, 3)
