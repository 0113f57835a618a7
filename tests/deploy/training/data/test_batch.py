"""Batches: padding, and masks that say what is a label, what is nothing, and what nobody knows."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the train extra")

import torch

from numa_deploy.training.data.batch import join_clips
from numa_deploy.training.data.clips import Clip


def clip(balls, following, boxes, known=True, fill=0, players=True):
    return Clip(
        frames=np.full((len(balls), 1, 4, 6), fill, np.uint8),
        balls=[np.array(found, np.float32).reshape(-1, 2) for found in balls],
        following=[np.array(found, np.float32).reshape(-1, 2) for found in following],
        ball_known=np.full(len(balls), known),
        boxes=np.array(boxes, np.float32).reshape(-1, 4),
        keypoints=np.ones((len(boxes), 17, 3), np.float32),
        players_known=players,
        name=f"clip {fill}",
    )


NAN = [np.nan, np.nan]


@pytest.fixture(scope="module")
def batch():
    full = clip([[[1, 2]], [[3, 4], [5, 6]]], [[[3, 4]], [NAN, [7, 8]]], [[0, 0, 2, 2], [1, 1, 3, 3]], fill=1)
    empty = clip([[], []], [[], []], [], known=False, fill=2, players=False)
    return join_clips([full, empty])


def test_frames_become_planes(batch):
    assert batch.images.dtype == torch.uint8
    assert batch.images.shape == (2, 2, 4, 6)
    assert batch.images[:, 0, 0, 0].tolist() == [1, 2]
    assert batch.names == ("clip 1", "clip 2")


def test_boxes_are_padded(batch):
    boxes = batch.targets.boxes
    assert boxes.boxes.shape == (2, 2, 4)
    assert boxes.valid.tolist() == [[True, True], [False, False]]
    assert boxes.keypoints.shape == (2, 2, 17, 3)
    assert boxes.known.tolist() == [True, False]


def test_balls_are_padded_and_what_is_next_is_known_or_not(batch):
    balls = batch.targets.balls
    assert balls.points.shape == (2, 2, 2, 4)
    assert balls.points[0, 1].tolist() == [[3, 4, 0, 0], [5, 6, 7, 8]]
    assert balls.valid[0].tolist() == [[True, False], [True, True]]
    assert balls.next_known[0].tolist() == [[True, False], [False, True]]
    assert not balls.valid[1].any()
    assert balls.known.tolist() == [[True, True], [False, False]]
    assert torch.isfinite(balls.points).all()


def test_clips_without_any_label_make_a_batch():
    empty = clip([[], []], [[], []], [])
    batch = join_clips([empty, empty])
    assert not batch.targets.boxes.valid.any()
    assert batch.targets.boxes.known.all()
    assert batch.targets.balls.known.all()
